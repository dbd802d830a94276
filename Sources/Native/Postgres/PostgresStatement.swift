/// A statement that one connection has prepared, or is about to.
@LoopActor final class PostgresStatement {
    /// Never used for another statement on the same connection.
    let name: String
    let sql: String
    /// Known after the first answer.
    var columns: [String]?
    /// The server has said so.
    var isPrepared = false
    fileprivate(set) var lastUse = 0

    fileprivate init(name: String, sql: String) {
        self.name = name
        self.sql = sql
    }
}

/// Which statements a connection has prepared: the ones used last, up to a limit.
@LoopActor struct PostgresStatements {
    /// How many to keep, at least 1.
    let limit: Int
    private var known: [Key: PostgresStatement] = [:]
    private var uses = 0
    /// Names the server may forget. Taken out by who tells it.
    var discarded: [String] = []

    /// A statement's text. Most are one literal each, which is equal to itself at once; hashing two kilobytes of SQL would cost
    /// more than all else that is done here.
    private struct Key: Hashable {
        let sql: String

        func hash(into hasher: inout Hasher) { hasher.combine(sql.utf8.count) }
    }

    init(limit: Int) { self.limit = max(limit, 1) }

    /// - Returns: the statement, and whether it must be prepared first.
    mutating func use(_ sql: String) -> (statement: PostgresStatement, isNew: Bool) {
        uses += 1
        if let statement = known[Key(sql: sql)] {
            statement.lastUse = uses
            return (statement, false)
        }
        if known.count >= limit, let oldest = known.values.min(by: { $0.lastUse < $1.lastUse }) {
            known[Key(sql: oldest.sql)] = nil
            discarded.append(oldest.name)
        }
        let statement = PostgresStatement(name: "s\(uses)", sql: sql)
        statement.lastUse = uses
        known[Key(sql: sql)] = statement
        return (statement, true)
    }

    /// The next use prepares it anew, under another name.
    mutating func forget(_ statement: PostgresStatement) {
        let key = Key(sql: statement.sql)
        if known[key] === statement { known[key] = nil }
    }
}
