import Native
import TestSupport
import Testing

@Suite("Postgres listener", .onLoop)
@LoopActor struct PostgresListenerTests {
    @Test func `it hears what is notified on its channels, in order`() async throws {
        let server = try await PostgresServer.shared()
        let url = server.url(try await server.createDatabase())
        var heard: [String] = []
        let listener = PostgresListener(
            url: url, channels: ["one", "With \"quotes\" and spaces"], onNotification: { heard.append("\($0)=\($1)") })
        listener.start()
        try await eventually { listener.isConnected }
        let pool = PostgresPool(url: url)
        pool.start()
        try await pool.waitUntilReady(within: .seconds(10))
        try await pool.query("SELECT pg_notify('one', 'שלום'), pg_notify('other', 'x')")
        try await pool.query("SELECT pg_notify('With \"quotes\" and spaces', '2')")
        try await eventually { heard.count == 2 }
        #expect(heard == ["one=שלום", "With \"quotes\" and spaces=2"])
        await listener.stop()
        await pool.close()
    }

    @Test func `it listens again after its connection was cut, and says so`() async throws {
        try await withPool { pool in
            let server = try await PostgresServer.shared()
            let name = try await pool.query("SELECT current_database() AS name")[0].string("name")
            var heard: [String] = []
            var connects = 0
            let listener = PostgresListener(
                url: server.url(name), channels: ["news"], onNotification: { heard.append($1) },
                onConnected: { connects += 1 })
            listener.start()
            try await eventually { connects == 1 }
            try await pool.query(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()
                """)
            try await eventually { connects == 2 }
            try await pool.query("NOTIFY news, 'again'")
            try await eventually { heard == ["again"] }
            await listener.stop()
            #expect(!listener.isConnected)
        }
    }

    @Test func `it notices a server that hangs`() async throws {
        let server = try await PostgresServer.launch()
        var options = PostgresOptions()
        options.heartbeat = .milliseconds(50)
        options.connectTimeout = .milliseconds(200)
        var connects = 0
        let listener = PostgresListener(
            url: server.url(), options: options, channels: ["c"], onNotification: { _, _ in },
            onConnected: { connects += 1 })
        listener.start()
        try await eventually { connects == 1 }
        try server.pause()
        try await eventually { !listener.isConnected }
        try server.resume()
        try await eventually { connects == 2 }
        await listener.stop()
        try await server.stop()
    }
}
