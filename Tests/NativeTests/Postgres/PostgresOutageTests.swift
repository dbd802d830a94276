import Native
import TestSupport
import Testing

@Suite("Postgres outages", .onLoop)
@LoopActor struct PostgresOutageTests {
    @Test func `a killed server fails queries at once, and the pool works again when it is back`() async throws {
        let server = try await PostgresServer.launch()
        let pool = PostgresPool(url: server.url())
        var states: [Bool] = []
        pool.onStateChange = { isReady, _ in states.append(isReady) }
        pool.start()
        try await pool.waitUntilReady(within: .seconds(10))
        let underway = LoopActor.loop.spawn {
            try await pool.transaction { try await $0.query("SELECT pg_sleep(30)", within: .seconds(40)) }
        }
        try await eventually {
            let rows = try await pool.query("SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)%'")
            return rows.count > 0
        }
        try await server.stop()
        await #expect(throws: PostgresError.self) { try await underway.value }
        try await eventually { !pool.isReady }
        // At once: waiting for a connection would end as a timeout.
        await #expect {
            try await pool.query("SELECT 1")
        } throws: {
            ($0 as? PostgresError)?.isUnavailable == true
        }
        await #expect(throws: PostgresError.self) { try await pool.transaction { _ in } }
        await #expect(throws: PostgresError.self) { try await pool.waitUntilReady(within: .milliseconds(50)) }

        try await server.start()
        try await pool.waitUntilReady(within: .seconds(10))
        let rows = try await pool.query("SELECT 1 AS n")
        #expect(rows[0].int("n") == 1)
        #expect(states == [true, false, true])
        await pool.close()
        try await server.stop()
    }

    @Test func `a server that hangs costs no more than the deadlines`() async throws {
        let server = try await PostgresServer.launch()
        var options = PostgresPool.Options()
        options.cancelTimeout = .milliseconds(200)
        options.connectTimeout = .milliseconds(200)
        let pool = PostgresPool(url: server.url(), options: options)
        pool.start()
        try await pool.waitUntilReady(within: .seconds(10))
        try server.pause()
        await #expect(throws: PostgresError.timedOut) { try await pool.query("SELECT 1", within: .milliseconds(50)) }
        try await eventually { !pool.isReady }
        await #expect(throws: PostgresError.self) { try await pool.query("SELECT 1") }
        try server.resume()
        try await pool.waitUntilReady(within: .seconds(10))
        _ = try await pool.query("SELECT 1")
        await pool.close()
        try await server.stop()
    }

    @Test func `a backend that an administrator ends is replaced`() async throws {
        try await withPool { pool in
            let victim = LoopActor.loop.spawn { try await pool.query("SELECT pg_terminate_backend(pg_backend_pid())") }
            await #expect {
                try await victim.value
            } throws: { error in
                if case .retryable("57P01", _)? = error as? PostgresError { true } else { false }
            }
            try await pool.waitUntilReady(within: .seconds(10))
            _ = try await pool.query("SELECT 1")
        }
    }

    @Test func `a pool without a server says why it is not ready`() async throws {
        let pool = PostgresPool(url: "postgres://nobody:secret@127.0.0.1:1/none")
        pool.start()
        await #expect {
            try await pool.waitUntilReady(within: .milliseconds(100))
        } throws: { error in
            "\(error)".contains("refused") && !"\(error)".contains("secret")
        }
        await pool.close()
    }

    @Test func `a pool with a faulty URL says so without the password`() async throws {
        let pool = PostgresPool(url: "postgres://user:secret%zz@host/db")
        pool.start()
        await #expect {
            try await pool.waitUntilReady(within: .seconds(1))
        } throws: { error in
            "\(error)".contains("not valid") && !"\(error)".contains("secret")
        }
        await pool.close()
    }

    @Test func `the second host serves when the first does not`() async throws {
        let server = try await PostgresServer.shared()
        let pool = PostgresPool(url: "postgres://postgres@127.0.0.1:1,127.0.0.1:\(server.port)/postgres")
        pool.start()
        try await pool.waitUntilReady(within: .seconds(10))
        await pool.close()
    }
}
