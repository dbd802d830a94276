import Native
import TestSupport
import Testing

@Suite("Postgres pool", .onLoop)
@LoopActor struct PostgresPoolTests {
    @Test func `values of every type come back as they were sent`() async throws {
        try await withPool { pool in
            let rows = try await pool.query(
                """
                SELECT $1::text AS t, $2::bigint AS i, $3::bool AS b, $4::float8 AS d, $5::bytea AS x, $6::text[] AS ta,
                    $7::bigint[] AS ia, $8::text AS n, $9::timestamptz AS at
                """,
                [
                    "שלום 👋🏽 \"quoted\" \\ back", .int(.min), true, 0.1, .bytes(Array(0...255)),
                    .textArray(["a", "", "NULL", "q\"u\\o,te{}", "🙂"]), .intArray([1, -2, .max]), nil,
                    .time(WallTime(milliseconds: 1_763_650_000_123)),
                ])
            let row = rows[0]
            #expect(rows.count == 1)
            #expect(row.string("t") == "שלום 👋🏽 \"quoted\" \\ back")
            #expect(row.int("i") == .min)
            #expect(row.bool("b"))
            #expect(row.double("d") == 0.1)
            #expect(row.bytes("x") == Array(0...255))
            #expect(row.textArray("ta") == ["a", "", "NULL", "q\"u\\o,te{}", "🙂"])
            #expect(row.intArray("ia") == [1, -2, .max])
            #expect(row.isNull("n") && row.optionalString("n") == nil)
            #expect(row.time("at") == WallTime(milliseconds: 1_763_650_000_123))
        }
    }

    @Test func `text with a NUL byte is rejected instead of being cut off`() async throws {
        try await withPool { pool in
            await #expect(throws: PostgresError.self) { try await pool.query("SELECT $1::text", ["a\0b"]) }
            expect(try await pool.query("SELECT 1 AS n")[0].int("n"), is: 1)
        }
    }

    @Test func `a statement that is refused says so by its SQLSTATE`() async throws {
        try await withPool { pool in
            await #expect {
                try await pool.query("SELECT * FROM nowhere")
            } throws: { error in
                if case .rejected("42P01", _)? = error as? PostgresError { true } else { false }
            }
        }
    }

    @Test func `a thousand queries at once are all answered over few connections`() async throws {
        try await withPool { pool in
            let answers = await outcomesAtOnce(1000) { number in
                try await pool.query("SELECT $1::int AS n", [.int(number)])[0].int("n")
            }
            for (number, answer) in answers.enumerated() { expect(try answer.get(), is: number) }
            #expect(pool.connectionCount <= 4)
        }
    }

    @Test func `one bad row among a hundred of one turn fails alone`() async throws {
        try await withPool { pool in
            try await pool.query("CREATE TABLE r(id bigint PRIMARY KEY)")
            try await pool.query("INSERT INTO r VALUES (50)")
            let answers = await outcomesAtOnce(100) { number in
                try await pool.query("INSERT INTO r VALUES ($1)", [.int(number)])
            }
            for (number, answer) in answers.enumerated() {
                switch answer {
                case .success(let rows): #expect(number != 50 && rows.affected == 1)
                case .failure(let error): #expect(number == 50 && (error as? PostgresError)?.isConflict == true)
                }
            }
            expect(try await pool.query("SELECT count(*) AS n FROM r")[0].int("n"), is: 100)
        }
    }

    @Test func `a statement that cannot be parsed does not harm its neighbours`() async throws {
        try await withPool { pool in
            async let good = pool.query("SELECT 1 AS n")
            let bad = LoopActor.loop.spawn { try await pool.query("SELEC 1") }
            let alike = LoopActor.loop.spawn { try await pool.query("SELEC 1") }
            async let other = pool.query("SELECT 2 AS n")
            expect(try await good[0].int("n"), is: 1)
            expect(try await other[0].int("n"), is: 2)
            await #expect(throws: PostgresError.self) { try await bad.value }
            await #expect(throws: PostgresError.self) { try await alike.value }
        }
    }

    @Test func `a statement whose result changed its type is prepared anew`() async throws {
        try await withPool { pool in
            try await pool.query("CREATE TABLE changing(a int)")
            try await pool.query("INSERT INTO changing VALUES (7)")
            expect(try await pool.query("SELECT * FROM changing")[0].int("a"), is: 7)
            try await pool.query("ALTER TABLE changing ADD b text DEFAULT 'x'")
            expect(try await pool.query("SELECT * FROM changing")[0].string("b"), is: "x")
            try await pool.query("DEALLOCATE ALL")
            expect(try await pool.query("SELECT * FROM changing")[0].string("b"), is: "x")
        }
    }

    @Test func `statements past the limit are forgotten by the server too`() async throws {
        var options = PostgresPool.Options()
        options.preparedStatements = 5
        try await withPool(options) { pool in
            for number in 0..<20 { try await pool.query("SELECT \(number)") }
            let rows = try await pool.query("SELECT count(*) AS n FROM pg_prepared_statements")
            #expect(rows[0].int("n") <= 6)
        }
    }

    @Test func `a deadline ends pg_sleep on the server as well`() async throws {
        try await withPool { pool in
            let start = MonotonicInstant.now()
            await #expect(throws: PostgresError.timedOut) {
                try await pool.query("SELECT pg_sleep(30)", within: .milliseconds(50))
            }
            #expect(MonotonicInstant.now() - start < .seconds(29), "it must not have slept to its end")
            try await expectNobodySleeps(pool)
        }
    }

    @Test func `cancelling the task ends the query on the server as well`() async throws {
        try await withPool { pool in
            let task = LoopActor.loop.spawn { try await pool.query("SELECT pg_sleep(30)") }
            LoopActor.loop.after(.milliseconds(50)) { task.cancel() }
            await #expect(throws: PostgresError.cancelled) { try await task.value }
            try await expectNobodySleeps(pool)
        }
    }

    @Test func `queries of the same turn survive a neighbour's deadline`() async throws {
        try await withPool { pool in
            let sleeper = LoopActor.loop.spawn {
                try await pool.query("SELECT pg_sleep(30)", within: .milliseconds(50))
            }
            async let before = pool.query("SELECT 1 AS n")
            async let after = pool.query("SELECT 2 AS n")
            expect(try await before[0].int("n"), is: 1)
            expect(try await after[0].int("n"), is: 2)
            await #expect(throws: PostgresError.timedOut) { try await sleeper.value }
        }
    }

    @Test func `a single connection can be cancelled too`() async throws {
        var options = PostgresPool.Options()
        options.connections = 1
        try await withPool(options) { pool in
            await #expect(throws: PostgresError.timedOut) {
                try await pool.query("SELECT pg_sleep(30)", within: .milliseconds(50))
            }
            expect(try await pool.query("SELECT 1 AS n")[0].int("n"), is: 1)
        }
    }

    @Test func `a query behind a slow one goes to another connection`() async throws {
        try await withPool { pool in
            let slow = LoopActor.loop.spawn { try await pool.query("SELECT pg_sleep(30)", within: .seconds(30)) }
            await withCheckedContinuation { next in LoopActor.loop.after(.milliseconds(1)) { next.resume() } }
            expect(try await pool.query("SELECT 1 AS n")[0].int("n"), is: 1)
            #expect(pool.connectionCount == 2)
            slow.cancel()
            _ = await slow.result
        }
    }

    @Test func `the Unix socket works like TCP`() async throws {
        let server = try await PostgresServer.shared()
        let pool = PostgresPool(url: server.socketURL())
        pool.start()
        try await pool.waitUntilReady(within: .seconds(10))
        expect(try await pool.query("SELECT 1 AS n")[0].int("n"), is: 1)
        await pool.close()
    }

    @Test func `a host name is looked up`() async throws {
        let server = try await PostgresServer.shared()
        let pool = PostgresPool(url: "postgres://postgres@localhost:\(server.port)/postgres?connect_timeout=3")
        pool.start()
        try await pool.waitUntilReady(within: .seconds(10))
        await pool.close()
    }

    @Test func `a closed pool leaves no connection behind`() async throws {
        let server = try await PostgresServer.shared()
        let name = try await server.createDatabase()
        let pool = PostgresPool(url: server.url(name))
        pool.start()
        try await pool.waitUntilReady(within: .seconds(10))
        _ = await outcomesAtOnce(20) { number in
            _ = try? await pool.query("SELECT pg_sleep(10)", within: .milliseconds(30))
            _ = try await pool.transaction { transaction in
                try await transaction.query("SELECT \(number) / ($1::int - $1)", [1])
            }
        }
        #expect(pool.connectionCount <= 4)
        let last = LoopActor.loop.spawn { try await pool.query("SELECT 1 AS n") }
        await pool.close()
        _ = await last.result
        await #expect(throws: PostgresError.self) { try await pool.query("SELECT 1") }
        try await withPool { watcher in
            try await eventually {
                let rows = try await watcher.query(
                    "SELECT count(*) AS n FROM pg_stat_activity WHERE datname = $1", [.text(name)])
                return rows[0].int("n") == 0
            }
        }
    }

    private func expectNobodySleeps(_ pool: PostgresPool) async throws {
        try await eventually {
            let rows = try await pool.query(
                """
                SELECT count(*) AS n FROM pg_stat_activity
                WHERE datname = current_database() AND state = 'active' AND query LIKE '%pg_sleep%'
                    AND pid <> pg_backend_pid()
                """)
            return rows[0].int("n") == 0
        }
    }
}

/// `#expect` does not take an expression with `try await` in a closure that is not told what it throws.
private func expect<T: Equatable>(_ value: T, is expected: T, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(value == expected, sourceLocation: sourceLocation)
}

extension PostgresError {
    var isConflict: Bool { if case .conflict = self { true } else { false } }
    var isUnavailable: Bool { if case .unavailable = self { true } else { false } }
}
