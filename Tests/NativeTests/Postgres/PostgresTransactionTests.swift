import Native
import TestSupport
import Testing

@Suite("Postgres transactions", .onLoop)
@LoopActor struct PostgresTransactionTests {
    struct OwnError: Error, Equatable {}

    @Test func `what a transaction did is there after it`() async throws {
        try await withTable { pool in
            let id = try await pool.transaction { transaction in
                try await transaction.query("INSERT INTO t VALUES (1)")
                return try await transaction.query("INSERT INTO t VALUES (2) RETURNING id")[0].int("id")
            }
            #expect(id == 2)
            try await expectRows(2, pool)
        }
    }

    @Test func `a body that throws leaves nothing behind`() async throws {
        try await withTable { pool in
            await #expect(throws: OwnError()) {
                try await pool.transaction { transaction in
                    try await transaction.query("INSERT INTO t VALUES (1)")
                    throw OwnError()
                }
            }
            try await expectRows(0, pool)
        }
    }

    @Test func `a cancelled task leaves nothing behind`() async throws {
        try await withTable { pool in
            let task = LoopActor.loop.spawn {
                try await pool.transaction { transaction in
                    try await transaction.query("INSERT INTO t VALUES (1)")
                    try await transaction.query("SELECT pg_sleep(30)", within: .seconds(40))
                }
            }
            try await eventually {
                let rows = try await pool.query(
                    """
                    SELECT count(*) AS n FROM pg_stat_activity
                    WHERE datname = current_database() AND query = 'SELECT pg_sleep(30)' AND state = 'active'
                    """)
                return rows[0].int("n") == 1
            }
            task.cancel()
            await #expect(throws: PostgresError.cancelled) { try await task.value }
            try await expectRows(0, pool)
        }
    }

    @Test func `a failed statement that the body swallows does not commit the rest`() async throws {
        try await withTable { pool in
            await #expect {
                try await pool.transaction { transaction in
                    try await transaction.query("INSERT INTO t VALUES (1)")
                    _ = try? await transaction.query("INSERT INTO t VALUES (1)")
                }
            } throws: { error in
                if case .rejected("25P02", _)? = error as? PostgresError { true } else { false }
            }
            try await expectRows(0, pool)
        }
    }

    @Test func `a script runs many statements, and all or none of them`() async throws {
        try await withTable { pool in
            try await pool.transaction { transaction in
                try await transaction.script("INSERT INTO t VALUES (1); INSERT INTO t VALUES (2); SELECT 1;")
                try await transaction.query("INSERT INTO t VALUES (3)")
            }
            try await expectRows(3, pool)
            await #expect(throws: PostgresError.self) {
                try await pool.transaction { try await $0.script("INSERT INTO t VALUES (4); INSERT INTO t VALUES (1)") }
            }
            try await expectRows(3, pool)
        }
    }

    @Test func `more transactions than connections take turns, and queries go on`() async throws {
        try await withTable { pool in
            async let queries = outcomesAtOnce(100) { number in
                try await pool.query("SELECT $1::int AS n", [.int(number)])[0].int("n")
            }
            let answers = await outcomesAtOnce(30) { number in
                try await pool.transaction { transaction in
                    try await transaction.query("INSERT INTO t VALUES ($1)", [.int(number)])
                    _ = try await transaction.query("SELECT count(*) FROM t")
                }
            }
            for answer in answers { try answer.get() }
            for answer in await queries { _ = try answer.get() }
            try await expectRows(30, pool)
            #expect(pool.connectionCount <= 4)
        }
    }

    @Test func `a deadline inside a transaction fails the transaction only`() async throws {
        try await withTable { pool in
            await #expect(throws: PostgresError.timedOut) {
                try await pool.transaction { transaction in
                    try await transaction.query("INSERT INTO t VALUES (1)")
                    try await transaction.query("SELECT pg_sleep(30)", within: .milliseconds(50))
                }
            }
            try await expectRows(0, pool)
        }
    }

    @Test func `a transaction that is over takes no more statements`() async throws {
        try await withTable { pool in
            let late = try await pool.transaction { $0 }
            await #expect(throws: PostgresError.self) { try await late.query("SELECT 1") }
        }
    }

    private func withTable(_ body: @LoopActor (PostgresPool) async throws -> Void) async throws {
        try await withPool { pool in
            try await pool.query("CREATE TABLE t(id bigint PRIMARY KEY)")
            try await body(pool)
        }
    }

    private func expectRows(_ count: Int, _ pool: PostgresPool) async throws {
        let rows = try await pool.query("SELECT count(*) AS n FROM t")
        #expect(rows[0].int("n") == count)
    }
}
