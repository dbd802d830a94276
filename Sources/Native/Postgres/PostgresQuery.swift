/// One statement on its way, and the task that waits for it.
@LoopActor final class PostgresQuery: PostgresWait<PostgresRows> {
    let sql: String
    let parameters: [PostgresParameter]

    /// Where it was written to the server; nil before.
    var connection: PostgresConnection?
    /// The server's answer, held back until what it did is committed.
    var rows: PostgresRows?
    /// How often it was sent again by itself.
    var repeats = 0

    init(_ sql: String, _ parameters: [PostgresParameter] = []) {
        self.sql = sql
        self.parameters = parameters
    }

    override func abandoned() { connection?.cancelAbandoned() }
}
