import Native
import Shared
import TestSupport
import Testing

@Suite("Business directory", .onLoop)
@LoopActor struct BusinessDirectoryTests {
    private func business(_ id: String, number: String?) -> Business {
        var business = Business(id: id, name: id)
        business.settings.metaPhoneNumberID = number
        return business
    }

    /// Runs `body` with a directory on the database, and ends it.
    private func withDirectory(
        _ url: String, lifetime: Duration = .seconds(3600),
        _ body: @LoopActor (BusinessDirectory, PostgresPool) async throws -> Void
    ) async throws {
        let pool = PostgresPool(url: url, options: .patient)
        pool.start()
        let directory = BusinessDirectory(
            store: BusinessStore(pool: pool), lifetime: lifetime, log: Log(level: .error))
        directory.start(url: url)
        do { try await body(directory, pool) } catch {
            await directory.stop()
            await pool.close()
            throw error
        }
        await directory.stop()
        await pool.close()
    }

    private func withDatabase(
        _ server: PostgresServer, _ body: @LoopActor (String, PostgresPool) async throws -> Void
    ) async throws {
        let url = server.url(try await server.createDatabase())
        let pool = PostgresPool(url: url, options: .patient)
        pool.start()
        try await pool.waitUntilReady(within: .seconds(10))
        try await Migrator(pool: pool).run()
        do { try await body(url, pool) } catch {
            await pool.close()
            throw error
        }
        await pool.close()
    }

    @Test func `it knows all businesses, and hears of new, changed and deleted ones`() async throws {
        try await withDatabase(try await PostgresServer.shared()) { url, pool in
            let store = BusinessStore(pool: pool)
            // More than one page of them.
            try await pool.query(
                """
                INSERT INTO businesses (id, name, settings) SELECT 'b' || n, 'B',
                    jsonb_build_object('meta_phone_number_id', n::text) FROM generate_series(1, 1200) AS n
                """)
            try await withDirectory(url) { directory, _ in
                #expect(!directory.isLoaded && directory.index.count == 0)
                try await eventually { directory.isLoaded }
                #expect(directory.index.count == 1200 && directory.index.business(at: .metaNumber("777")) == "b777")
                try await store.upsert(business("new", number: "5000"))
                try await eventually { directory.index.business(at: .metaNumber("5000")) == "new" }
                try await store.upsert(business("new", number: "5001"))
                try await eventually { directory.index.business(at: .metaNumber("5001")) == "new" }
                #expect(directory.index.business(at: .metaNumber("5000")) == nil)
                try await pool.query("DELETE FROM businesses WHERE id = 'new'")
                try await eventually { directory.index["new"] == nil }
                #expect(directory.index.business(at: .metaNumber("5001")) == nil && directory.index.count == 1200)
                // All at once, as an import does it.
                try await pool.query("UPDATE businesses SET settings = '{}'")
                try await eventually { directory.index.business(at: .metaNumber("1200")) == nil }
                try await eventually { directory.index.business(at: .metaNumber("1")) == nil }
            }
        }
    }

    @Test func `one business that cannot be read keeps no other from being heard of`() async throws {
        try await withDatabase(try await PostgresServer.shared()) { url, pool in
            let store = BusinessStore(pool: pool), others = (1...8).map { "b\($0)" }
            for id in others + ["bad"] { try await store.upsert(business(id, number: nil)) }
            try await withDirectory(url) { directory, _ in
                try await eventually { directory.isLoaded }
                try await pool.query("ALTER TABLE businesses DROP CONSTRAINT businesses_settings_check")
                try await pool.query("UPDATE businesses SET settings = '[]' WHERE id = 'bad'")
                for id in others { try await store.upsert(business(id, number: "n" + id)) }
                try await eventually {
                    others.allSatisfy { directory.index.business(at: .metaNumber("n" + $0)) == $0 }
                }
            }
        }
    }

    @Test func `it serves the old state while Postgres is down, and hears afterwards what it missed`() async throws {
        let server = try await PostgresServer.launch()
        try await withDatabase(server) { url, pool in
            let store = BusinessStore(pool: pool)
            try await store.upsert(business("stays", number: "1"))
            try await store.upsert(business("goes", number: "2"))
            try await withDirectory(url) { directory, own in
                try await eventually { directory.index.count == 2 }
                // This server commits without waiting for its disk, and is stopped as by a crash.
                try await pool.query("CHECKPOINT")
                try await server.stop()
                try await eventually { !own.isReady }
                #expect(directory.isLoaded && directory.index.business(at: .metaNumber("1")) == "stays")
                try await server.start()
                try await pool.waitUntilReady(within: .seconds(20))
                // Perhaps before the directory listens again.
                try await pool.query("DELETE FROM businesses WHERE id = 'goes'")
                try await store.upsert(business("comes", number: "3"))
                try await eventually { directory.index["goes"] == nil && directory.index["comes"] != nil }
                try await store.upsert(business("comes", number: "4"))
                try await eventually { directory.index.business(at: .metaNumber("4")) == "comes" }
            }
        }
        try await server.stop()
    }

    @Test func `started while Postgres is down, it knows nothing, says so, and loads when Postgres is there`()
        async throws
    {
        let server = try await PostgresServer.launch()
        try await withDatabase(server) { url, pool in
            try await BusinessStore(pool: pool).upsert(business("shop", number: "1"))
            try await pool.query("CHECKPOINT")
            try await server.stop()
            try await withDirectory(url) { directory, own in
                try await LoopActor.loop.sleep(for: .milliseconds(50))
                #expect(!directory.isLoaded && !own.isReady)
                try await server.start()
                try await eventually { directory.isLoaded }
                #expect(directory.index["shop"] != nil)
            }
        }
        try await server.stop()
    }

    @Test func `what nobody told is found out after the lifetime`() async throws {
        try await withDatabase(try await PostgresServer.shared()) { url, pool in
            try await withDirectory(url, lifetime: .milliseconds(50)) { directory, _ in
                try await eventually { directory.isLoaded }
                try await pool.query("ALTER TABLE businesses DISABLE TRIGGER ALL")
                try await BusinessStore(pool: pool).upsert(business("quiet", number: "1"))
                try await eventually { directory.index["quiet"] != nil }
            }
        }
    }

    @Test func `where no notification comes a new business is found by id or address when it is asked for`()
        async throws
    {
        try await withDatabase(try await PostgresServer.shared()) { url, pool in
            try await withDirectory(url) { directory, own in
                let early = await directory.lookUp(["early"])
                #expect(!early)
                try await eventually { directory.isLoaded && own.isReady }
                try await pool.query("ALTER TABLE businesses DISABLE TRIGGER ALL")
                let store = BusinessStore(pool: pool)
                for id in ["a", "b", "c"] { try await store.upsert(business(id, number: "n" + id)) }
                let byID = await directory.lookUp(["a"])
                #expect(byID && directory.index.business(at: .metaNumber("na")) == "a")
                // Two ask for the same at once: one question, and both learn.
                async let first = directory.lookUp(["meta.nb"])
                async let second = directory.lookUp(["meta.nb"])
                let both = await [first, second]
                #expect(both == [true, true] && directory.index["b"] != nil && directory.index["c"] == nil)
                // Nothing new of one that is known.
                let again = await directory.lookUp(["a"])
                #expect(!again)
                // What was not there is not asked for again at once.
                let absent = await directory.lookUp(["later"])
                try await store.upsert(business("later", number: nil))
                let stillAbsent = await directory.lookUp(["later"])
                #expect(!absent && !stillAbsent && directory.index["later"] == nil)
            }
        }
    }

    @Test func `settings that cannot be used keep no other business out`() async throws {
        try await withDatabase(try await PostgresServer.shared()) { url, pool in
            try await pool.query(
                """
                INSERT INTO businesses (id, name, settings) VALUES
                    ('a', 'A', '{"temperature": 1e400, "groups": 7, "meta_phone_number_id": {"x": []}}'),
                    ('b', 'B', '{"max_tokens": 99999999999999999999, "meta_phone_number_id": "2"}')
                """)
            try await withDirectory(url) { directory, _ in
                try await eventually { directory.isLoaded }
                #expect(directory.index["a"] != nil && directory.index.business(at: .metaNumber("2")) == "b")
            }
        }
    }
}
