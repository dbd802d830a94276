import Native

/// Why the schema was left as it is.
package enum MigrationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A newer program was here. An older one does not know whether it can work with what that made.
    case databaseIsNewer(version: Int, known: Int)

    package var description: String {
        switch self {
        case .databaseIsNewer(let version, let known):
            "the database's schema is at version \(version), and this program knows versions up to \(known)"
        }
    }
}

/// Brings a database's schema up to date. Any number of processes may do so at once.
@LoopActor package struct Migrator {
    /// Any number will do that nothing else takes as a lock in the same database.
    private static let lock = 7_265_771_001

    private let pool: PostgresPool
    private let migrations: [Migration]

    package init(pool: PostgresPool, migrations: [Migration] = Migration.all) {
        self.pool = pool
        self.migrations = migrations
    }

    /// Applies what is missing and returns that, oldest first.
    ///
    /// Each migration is a transaction that holds the lock and looks again what is missing: a crash in between leaves
    /// whole migrations, and of two processes the second finds nothing to do.
    /// - Throws: `MigrationError`, `PostgresError`. What was applied before stays.
    @discardableResult
    package func run() async throws -> [Migration] {
        var applied: [Migration] = []
        while let migration = try await applyNext() { applied.append(migration) }
        return applied
    }

    /// What `run` would do. Changes nothing.
    package func pending() async throws -> [Migration] {
        let rows = try await pool.query("SELECT to_regclass('schema_migrations') IS NOT NULL AS exists")
        if !rows[0].bool("exists") { return migrations }
        return try missing(at: try await pool.query(Self.versionQuery)[0].int("version"))
    }

    private static let versionQuery = "SELECT coalesce(max(version), 0) AS version FROM schema_migrations"

    private func applyNext() async throws -> Migration? {
        try await pool.transaction { transaction in
            // Another process may be at a long migration.
            try await transaction.query("SET LOCAL statement_timeout = 0")
            try await transaction.query(
                "SELECT pg_advisory_xact_lock($1)", [.int(Self.lock)], within: .seconds(3600))
            try await transaction.query(
                """
                CREATE TABLE IF NOT EXISTS schema_migrations (
                    version bigint PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())
                """)
            let version = try await transaction.query(Self.versionQuery)[0].int("version")
            guard let next = try missing(at: version).first else { return nil }
            try await transaction.script(next.sql, within: .seconds(3600))
            try await transaction.query(
                "INSERT INTO schema_migrations (version, name) VALUES ($1, $2)",
                [.int(next.version), .text(next.name)])
            return next
        }
    }

    private func missing(at version: Int) throws -> [Migration] {
        let known = migrations.last?.version ?? 0
        if version > known { throw MigrationError.databaseIsNewer(version: version, known: known) }
        return migrations.filter { $0.version > version }
    }
}
