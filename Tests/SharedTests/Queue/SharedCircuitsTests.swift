import Native
import TestSupport
import Testing

@testable import Shared

@Suite("Circuits that workers share", .onLoop)
@LoopActor final class SharedCircuitsTests {
    private static let name = CircuitName(business: "shop", provider: .baileys)

    /// Two workers, each with its own connection to one Redis.
    @LoopActor private final class Workers {
        let server: RedisServer
        let client: RedisClient
        let a, b: SharedCircuits
        let store: CircuitStore
        var lines = ""

        init(_ server: RedisServer, _ one: RedisClient, _ other: RedisClient) {
            self.server = server
            client = one
            var write: ([UInt8]) -> Void = { _ in }
            let log = Log(level: .info) { write($0) }
            a = SharedCircuits(redis: one, metrics: Metrics(), log: log)
            b = SharedCircuits(redis: other, metrics: Metrics(), log: log)
            store = CircuitStore(redis: one)
            // A circuit may still have something to say when the test is over.
            write = { [weak self] in self?.lines += String(decoding: $0, as: UTF8.self) }
        }

        func fail(_ circuits: SharedCircuits, times: Int) {
            for _ in 0..<times { circuits.note(.failure, "timeout", isProbe: false, of: name) }
        }

        /// What Redis has.
        func state() async throws -> Circuit {
            let text = try await client.send(RedisCommand("GET", ShardKeys.circuit(name.text))).text ?? ""
            return try #require(Circuit(text: text))
        }

        /// Waits until Redis has heard so much.
        func told(_ isTold: (Circuit) -> Bool) async throws {
            try await poll(within: .seconds(20), "Redis to be told") { try await isTold(self.state()) ? true : nil }
        }

        /// As if so much time had gone by.
        func age(_ time: Duration) async throws {
            let old = try await state()
            var new = old
            new.openUntil = old.openUntil.map { $0 - time }
            new.probeUntil = old.probeUntil.map { $0 - time }
            let now = Duration.milliseconds(WallTime.now().milliseconds)
            let swapped = try await store.swap(name, from: old, to: new, isChange: true, now: now)
            #expect(swapped.isMine)
            await a.look()
            await b.look()
        }

        /// The circuit is open, as both know, and its wait is over.
        func openAndWait() async throws {
            fail(a, times: Circuit.rowLimit)
            try await told(\.isOpen)
            try await age(.seconds(31))
        }
    }

    private func withWorkers(_ body: @LoopActor (Workers) async throws -> Void) async throws {
        try await RedisServer.withClient { server, one in
            let other = try await server.client()
            defer { other.close() }
            try await body(Workers(server, one, other))
        }
    }

    private func isRefused(_ permission: Circuit.Permission) -> Bool {
        if case .refused = permission { true } else { false }
    }

    @Test func `what one worker opens is open for the other, and logged once`() async throws {
        try await withWorkers { workers in
            let before = await workers.b.ask(Self.name)
            #expect(before == .call)
            workers.fail(workers.a, times: 5)
            let there = await workers.a.ask(Self.name)
            #expect(isRefused(there))
            let hearing = LoopActor.loop.spawn { [b = workers.b] in await b.run() }
            try await poll(within: .seconds(20), "the other worker to hear of it") {
                workers.b.openCounts == [.baileys: 1] ? true : nil
            }
            hearing.cancel()
            guard case .refused(let wait) = await workers.b.ask(Self.name) else {
                Issue.record("must be refused")
                return
            }
            #expect(wait <= .seconds(30))
            // Another business's number is another circuit.
            let another = await workers.b.ask(CircuitName(business: "other", provider: .baileys))
            #expect(another == .call)
            try await poll(within: .seconds(20), "the log") { workers.lines.isEmpty ? nil : true }
            #expect(workers.lines.split(separator: "\n").count == 1)
            #expect(
                workers.lines.contains(#""event":"circuit_opened""#) && workers.lines.contains(#""business":"shop""#))
        }
    }

    @Test func `failures count over all workers, and so does the success between them`() async throws {
        try await withWorkers { workers in
            workers.fail(workers.a, times: 3)
            try await workers.told { $0.failuresInRow == 3 }
            workers.fail(workers.b, times: 1)
            try await workers.told { $0.failuresInRow == 4 }
            workers.b.note(.success, "", isProbe: false, of: Self.name)
            try await workers.told { $0.failuresInRow == 0 }
            workers.fail(workers.a, times: 4)
            try await workers.told { $0.failuresInRow == 4 }
            #expect(workers.a.openCounts.isEmpty)
            workers.fail(workers.b, times: 1)
            try await workers.told(\.isOpen)
        }
    }

    @Test func `as long as all goes well Redis hears nothing`() async throws {
        try await withWorkers { workers in
            for _ in 0..<100 {
                let permission = await workers.a.ask(Self.name)
                #expect(permission == .call)
                workers.a.note(.success, "", isProbe: false, of: Self.name)
            }
            let keys = try await workers.client.send(RedisCommand("KEYS", "*"))
            #expect(keys == .array([]))
        }
    }

    @Test func `one probe goes out over all workers, and its success closes the circuit for all`() async throws {
        try await withWorkers { workers in
            try await workers.openAndWait()
            let asked = try await atOnce(20) { number in
                await (number % 2 == 0 ? workers.a : workers.b).ask(Self.name)
            }
            #expect(asked.count { $0 == .probe } == 1 && asked.count(where: isRefused) == 19)
            let holder = asked.firstIndex(of: .probe)! % 2 == 0 ? workers.a : workers.b
            holder.note(.success, "", isProbe: true, of: Self.name)
            try await workers.told { !$0.isOpen }
            await workers.a.look()
            await workers.b.look()
            let (a, b) = (await workers.a.ask(Self.name), await workers.b.ask(Self.name))
            #expect(a == .call && b == .call)
            let left = try await workers.client.send(RedisCommand("EXISTS", ShardKeys.circuit(Self.name.text)))
            #expect(left.int == 0)
            try await poll(within: .seconds(20), "the log") { workers.lines.contains("circuit_closed") ? true : nil }
        }
    }

    @Test func `a probe that fails doubles the wait for all`() async throws {
        try await withWorkers { workers in
            try await workers.openAndWait()
            let permission = await workers.b.ask(Self.name)
            #expect(permission == .probe)
            workers.b.note(.failure, "timeout", isProbe: true, of: Self.name)
            try await workers.told { $0.openings == 2 }
            await workers.a.look()
            guard case .refused(let wait) = await workers.a.ask(Self.name) else {
                Issue.record("must be refused")
                return
            }
            #expect(wait > .seconds(30) && wait <= .seconds(60))
        }
    }

    @Test func `a probe that says nothing is lent again`() async throws {
        try await withWorkers { workers in
            try await workers.openAndWait()
            let first = await workers.a.ask(Self.name)
            workers.a.note(.nothing, "", isProbe: true, of: Self.name)
            try await workers.told { $0.isOpen && $0.probeUntil == nil }
            await workers.b.look()
            let second = await workers.b.ask(Self.name)
            #expect(first == .probe && second == .probe)
        }
    }

    @Test func `while Redis is down each worker goes by its own view, and tells the others later`() async throws {
        try await withWorkers { workers in
            workers.server.stop()
            workers.fail(workers.a, times: 5)
            let (a, b) = (await workers.a.ask(Self.name), await workers.b.ask(Self.name))
            #expect(isRefused(a) && b == .call)
            try await workers.server.restart()
            try await poll(within: .seconds(20), "the other worker to hear of it") {
                await workers.a.look()
                await workers.b.look()
                return workers.b.openCounts == [.baileys: 1] ? true : nil
            }
            #expect(workers.lines.split(separator: "\n").filter { $0.contains("circuit_opened") }.count == 1)
        }
    }

    @Test func `a Redis that lost what it knew is told again by those that know`() async throws {
        try await withWorkers { workers in
            try await workers.openAndWait()
            _ = try await workers.client.send(RedisCommand("FLUSHALL"))
            workers.fail(workers.b, times: 5)
            await workers.b.look()
            // What was open there is asked for by a probe, which finds that nobody knows of it.
            let permission = await workers.b.ask(Self.name)
            #expect(permission == .call)
            workers.fail(workers.b, times: 5)
            try await workers.told(\.isOpen)
            await workers.a.look()
            let heard = await workers.a.ask(Self.name)
            #expect(isRefused(heard))
        }
    }

    @Test func `one that nobody asks any more is forgotten`() async throws {
        try await withWorkers { workers in
            try await workers.openAndWait()
            try await workers.age(Circuit.keptFor)
            await workers.a.look()
            #expect(workers.a.openCounts.isEmpty)
        }
    }
}
