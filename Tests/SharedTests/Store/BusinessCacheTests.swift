import Native
import Shared
import TestSupport
import Testing

@Suite("Business cache", .onLoop)
@LoopActor struct BusinessCacheTests {
    /// What the cache asks, and a clock that only moves when told.
    @LoopActor final class Source {
        var time = MonotonicInstant(nanoseconds: 1_000_000_000)
        var loads = 0
        var answer: Result<Business?, StoreError> = .success(Business(id: "b", name: "one"))
        /// Not resolved: loads wait for it.
        var gate: OneShot<Void>?

        lazy var cache = BusinessCache(
            now: { self.time },
            load: { _ throws(StoreError) in
                self.loads += 1
                let answer = self.answer
                if let gate = self.gate { try? await gate.value }
                return try answer.get()
            })

        func name() async throws -> String? { try await cache.business("b")?.name }
    }

    let source = Source()

    @Test func `a second question is answered from memory, until the lifetime is over`() async throws {
        _ = try await source.name()
        _ = try await source.name()
        #expect(source.loads == 1)
        #expect(source.cache.hits == 1 && source.cache.misses == 1 && source.cache.keys == 1)
        source.time = source.time + .seconds(301)
        source.answer = .success(Business(id: "b", name: "two"))
        let name = try await source.name()
        #expect(name == "two")
    }

    @Test func `an unknown business is remembered for a short time only`() async throws {
        source.answer = .success(nil)
        for _ in 0..<2 {
            let name = try await source.name()
            #expect(name == nil)
        }
        #expect(source.loads == 1)
        source.time = source.time + .seconds(6)
        source.answer = .success(Business(id: "b", name: "born"))
        let name = try await source.name()
        #expect(name == "born")
    }

    @Test func `an old entry serves as long as Postgres is down, and Postgres is not asked each time`() async throws {
        _ = try await source.name()
        source.time = source.time + .seconds(100_000)
        source.answer = .failure(.postgres(.unavailable("down")))
        for _ in 0..<3 {
            let name = try await source.name()
            #expect(name == "one")
        }
        #expect(source.loads == 2)
        source.answer = .success(Business(id: "b", name: "two"))
        source.time = source.time + .seconds(2)
        let name = try await source.name()
        #expect(name == "two")
    }

    @Test func `without an entry an outage is told`() async throws {
        source.answer = .failure(.postgres(.timedOut))
        await #expect(throws: StoreError.postgres(.timedOut)) { try await source.name() }
        #expect(source.cache.keys == 0)
    }

    @Test func `a notified change is asked for at once, and the old entry survives an outage`() async throws {
        _ = try await source.name()
        source.cache.expire("b")
        source.answer = .failure(.postgres(.unavailable("down")))
        let old = try await source.name()
        #expect(old == "one")
        source.cache.expireAll()
        source.answer = .success(Business(id: "b", name: "two"))
        let new = try await source.name()
        #expect(new == "two")
    }

    @Test func `many who ask at the same time cause one load`() async throws {
        let gate = OneShot<Void>()
        source.gate = gate
        let tasks = (0..<50).map { _ in LoopActor.loop.spawn { try await source.name() } }
        LoopActor.loop.after(.milliseconds(5)) { gate.resolve(()) }
        for task in tasks {
            let name = try await task.value
            #expect(name == "one")
        }
        #expect(source.loads == 1)
    }

    @Test func `what was loaded while the business changed is not kept as new`() async throws {
        let gate = OneShot<Void>()
        source.gate = gate
        let first = LoopActor.loop.spawn { try await source.name() }
        try await eventually { source.loads == 1 }
        source.answer = .success(Business(id: "b", name: "two"))
        source.cache.expire("b")
        gate.resolve(())
        _ = try await first.value
        let name = try await source.name()
        #expect(name == "two")
    }

    @Test func `who is cancelled while waiting does not stop the load for the others`() async throws {
        let gate = OneShot<Void>()
        source.gate = gate
        let first = LoopActor.loop.spawn { try await source.name() }
        let second = LoopActor.loop.spawn { try await source.name() }
        try await eventually { source.loads == 1 }
        first.cancel()
        await #expect(throws: StoreError.postgres(.cancelled)) { try await first.value }
        gate.resolve(())
        let name = try await second.value
        #expect(name == "one")
    }

    @Test func `a change in businesses or tools empties the cache by NOTIFY`() async throws {
        let server = try await PostgresServer.shared()
        let url = server.url(try await server.createDatabase())
        let pool = PostgresPool(url: url)
        pool.start()
        try await pool.waitUntilReady(within: .seconds(10))
        try await Migrator(pool: pool).run()
        let store = BusinessStore(pool: pool)
        let cache = BusinessCache(load: { id throws(StoreError) in try await store.find(id) })
        cache.listen(url: url)
        try await eventually { cache.isListening }
        try await store.upsert(Business(id: "b", name: "one"))
        let one = try await cache.business("b")
        #expect(one?.name == "one")
        try await store.upsert(Business(id: "b", name: "two"))
        try await eventually { try await cache.business("b")?.name == "two" }
        try await store.put(Tool(name: "t", url: "https://x.example"), of: "b")
        try await eventually { try await cache.business("b")?.tools.count == 1 }
        try await pool.query("DELETE FROM businesses")
        try await eventually { try await cache.business("b") == nil }
        await cache.stopListening()
        await pool.close()
    }

    @Test func `a stopped server does not take the businesses away`() async throws {
        let server = try await PostgresServer.launch()
        let pool = PostgresPool(url: server.url())
        pool.start()
        try await pool.waitUntilReady(within: .seconds(10))
        try await Migrator(pool: pool).run()
        let store = BusinessStore(pool: pool)
        var limits = BusinessCache.Limits()
        limits.lifetime = .milliseconds(1)
        let cache = BusinessCache(limits: limits, load: { id throws(StoreError) in try await store.find(id) })
        try await store.upsert(Business(id: "b", name: "one"))
        _ = try await cache.business("b")
        try await server.stop()
        try await eventually { !pool.isReady }
        let kept = try await cache.business("b")
        #expect(kept?.name == "one")
        await #expect(throws: StoreError.self) { try await cache.business("other") }
        await pool.close()
    }
}
