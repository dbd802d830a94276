import Foundation
import Native
import TestSupport
import Testing

@testable import Shared

@Suite("Migrations", .onLoop)
@LoopActor struct MigratorTests {
    @Test func `a new database gets everything, and a second run finds nothing to do`() async throws {
        try await withPool { pool in
            let migrator = Migrator(pool: pool)
            let before = try await migrator.pending()
            let first = try await migrator.run()
            let second = try await migrator.run()
            let after = try await migrator.pending()
            #expect(before == Migration.all && first == Migration.all)
            #expect(second.isEmpty && after.isEmpty)
            let rows = try await pool.query("SELECT version, name, applied_at FROM schema_migrations ORDER BY version")
            #expect(rows.map { $0.int("version") } == Migration.all.map(\.version))
            #expect(rows.map { $0.string("name") } == Migration.all.map(\.name))
        }
    }

    @Test func `eight processes at once apply each migration once`() async throws {
        try await withPool { pool in
            let outcomes = await outcomesAtOnce(8) { _ in try await Migrator(pool: pool).run() }
            let applied = try outcomes.flatMap { try $0.get() }
            #expect(applied.map(\.version).sorted() == Migration.all.map(\.version))
        }
    }

    @Test func `a migration that fails leaves nothing of itself, and what was before it`() async throws {
        try await withPool { pool in
            let good = Migration(version: 1, name: "good", sql: "CREATE TABLE a(x int); CREATE TABLE b(x int);")
            let bad = Migration(version: 2, name: "bad", sql: "CREATE TABLE c(x int); SELECT 1 / 0;")
            await #expect(throws: PostgresError.self) { try await Migrator(pool: pool, migrations: [good, bad]).run() }
            let rows = try await pool.query(
                "SELECT to_regclass('b') IS NOT NULL AS b, to_regclass('c') IS NOT NULL AS c")
            #expect(rows[0].bool("b") && !rows[0].bool("c"))
        }
    }

    @Test func `a database of a newer program is refused`() async throws {
        try await withPool { pool in
            let future = Migration(version: Migration.all.count + 1, name: "future", sql: "SELECT 1")
            try await Migrator(pool: pool, migrations: Migration.all + [future]).run()
            let refusal = MigrationError.databaseIsNewer(version: future.version, known: Migration.all.count)
            await #expect(throws: refusal) { try await Migrator(pool: pool).run() }
            await #expect(throws: refusal) { try await Migrator(pool: pool).pending() }
        }
    }

    @Test func `every migration file is part of the program, in order and without gaps`() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../../Sources/Shared/Store/Migrations")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        let known = Migration.all.map { String(format: "%04d-", $0.version) + $0.name + ".sql" }
        #expect(files == known)
        #expect(Migration.all.map(\.version) == Array(1...Migration.all.count))
    }

    @Test func `every unique key of a tenant's table leads with the tenant`() async throws {
        try await withSchema { pool in
            let rows = try await pool.query(
                """
                SELECT c.relname AS name, a.attname AS first FROM pg_index i
                JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
                JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
                WHERE n.nspname = 'public' AND i.indisunique
                    AND c.relname NOT IN ('businesses', 'dead_jobs', 'schema_migrations')
                """)
            #expect(rows.count >= 9)
            for row in rows { #expect(row.string("first") == "business_id", "\(row.string("name"))") }
        }
    }
}
