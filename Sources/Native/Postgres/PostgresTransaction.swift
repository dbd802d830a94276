/// A transaction under way, on a connection of its own. Use it inside the body it was made for, not later.
@LoopActor package final class PostgresTransaction {
    private let connection: PostgresConnection
    private let options: PostgresOptions
    private var isOpen = true

    init(connection: PostgresConnection, options: PostgresOptions) {
        self.connection = connection
        self.options = options
    }

    /// As `PostgresPool.query`, but inside the transaction. After an error all further statements fail (25P02).
    @discardableResult
    package func query(
        _ sql: String, _ parameters: [PostgresParameter] = [], within limit: Duration? = nil
    ) async throws(PostgresError) -> PostgresRows {
        try checkOpen()
        return try await run(sql, parameters, within: limit ?? options.queryTimeout, isCancellable: true)
    }

    /// Runs any number of statements without parameters; nothing else may run in this transaction meanwhile.
    package func script(_ sql: String, within limit: Duration? = nil) async throws(PostgresError) {
        try checkOpen()
        let query = PostgresQuery(sql)
        _ = try await query.wait(within: limit ?? options.queryTimeout) { connection.addScript(query) }
    }

    func begin() async throws(PostgresError) {
        try await run("BEGIN", [], within: options.queryTimeout, isCancellable: true)
    }

    /// - Throws: `.rejected` with 25P02 when a statement failed and the body did not say so. The server has rolled
    ///   back then. After `.timedOut` and `.unavailable` it may have committed.
    func commit() async throws(PostgresError) {
        isOpen = false
        let rows = try await run("COMMIT", [], within: options.queryTimeout, isCancellable: false)
        if rows.commandTag == "ROLLBACK" {
            throw .rejected(sqlState: "25P02", message: "the transaction was rolled back, because a statement failed")
        }
    }

    func rollback() async throws(PostgresError) {
        isOpen = false
        try await run("ROLLBACK", [], within: options.queryTimeout, isCancellable: false)
    }

    private func checkOpen() throws(PostgresError) {
        if !isOpen { throw .rejected(sqlState: "25P01", message: "the transaction is over") }
        if connection.isLost { throw .unavailable("the transaction's connection was lost") }
    }

    @discardableResult
    private func run(
        _ sql: String, _ parameters: [PostgresParameter], within limit: Duration, isCancellable: Bool
    ) async throws(PostgresError) -> PostgresRows {
        if connection.isLost { throw .unavailable("the transaction's connection was lost") }
        let query = PostgresQuery(sql, parameters)
        return try await query.wait(within: limit, isCancellable: isCancellable) { connection.add(query) }
    }
}
