import Native
import TestSupport
import Testing

@testable import Shared

@Suite("Queue: shedding near the memory limit", .onLoop)
@LoopActor struct SheddingTests {
    @Test(arguments: [
        (0, Lane.allCases.filter { _ in false }), (74, []), (75, [.low, .broadcasts]),
        (84, [.low, .broadcasts]),
        (85, [.low, .receipts, .receiptsSync, .maintenance, .recordings, .broadcasts]),
        (94, Lane.allCases.filter { $0 != .high && $0 != .default }),
        (95, Lane.allCases), (120, Lane.allCases),
    ])
    func `what can wait longest is refused first`(percent: Int, lanes: [Lane]) {
        #expect(Shedding(used: percent * 1_000_000, limit: 100_000_000).lanes == lanes)
    }

    @Test func `without a limit nothing is refused`() { #expect(Shedding(used: .max, limit: 0).lanes.isEmpty) }

    @Test func `a queue refuses as Redis fills up, and takes jobs again when there is room`() async throws {
        try await QueueFixture.with { fixture in
            let metrics = Metrics()
            let watch = MemoryWatch(queue: fixture.queue, metrics: metrics, log: Log(level: .error, write: { _ in }))
            func limit(usedShare: Double) async throws {
                let info = try await fixture.client.send(RedisCommand("INFO", "memory")).text ?? ""
                let used = info.split(whereSeparator: \.isNewline).first { $0.hasPrefix("used_memory:") }
                let bytes = try #require(used?.split(separator: ":").last.flatMap { Double($0) })
                let most = String(Int(bytes / usedShare))
                _ = try await fixture.client.send(RedisCommand("CONFIG", "SET", "maxmemory", most))
                await watch.look()
            }
            try await limit(usedShare: 0.8)
            #expect(try await fixture.queue.enqueue(fixture.job("b", lane: .broadcasts)) == .full(.memory))
            #expect(try await fixture.queue.enqueue(fixture.job("r", lane: .receipts)) == .accepted)
            try await limit(usedShare: 0.98)
            #expect(try await fixture.queue.enqueue(fixture.job("d")) == .full(.memory))
            #expect(metrics.text.contains("rejoinder_redis_memory_ratio 0.9"))
            // Whatever waits goes on.
            try await fixture.queue.ack(fixture.claimOne())
            try await limit(usedShare: 0.1)
            #expect(try await fixture.queue.enqueue(fixture.job("b", lane: .broadcasts)) == .accepted)
        }
    }

    @Test func `a repeat of an accepted message is a duplicate also when its lane is shed`() async throws {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            _ = try await queue.enqueue(fixture.job("a"), dedupe: "m")
            queue.shedding = Shedding(used: 99, limit: 100)
            #expect(try await queue.enqueue(fixture.job("b"), dedupe: "m") == .duplicate(of: JobID("a")))
            let before = try await fixture.snapshot()
            #expect(try await queue.enqueue(fixture.job("c")) == .full(.memory))
            #expect(try await fixture.snapshot() == before)
        }
    }

    @Test func `a job counts as accepted once a replica has it`() async throws {
        try await QueueFixture.with {
            $0.waitReplicas = 1
            $0.waitLimit = .milliseconds(100)
        } _: { fixture in
            await #expect {
                try await fixture.queue.enqueue(fixture.job("a"))
            } throws: {
                if case QueueError.unknownOutcome? = $0 as? QueueError { true } else { false }
            }
            var options = RedisServer.Options()
            options.more = ["--replicaof", "127.0.0.1 \(fixture.server.port)"]
            try await RedisServer.with(options) { _ in
                // The sender's repeat: it is there already, and by and by the replica has it too.
                try await eventually {
                    (try? await fixture.queue.enqueue(fixture.job("a"))) == .duplicate(of: JobID("a"))
                }
                var patient = fixture.queue.options
                patient.waitLimit = .seconds(9)
                let queue = RedisQueue(client: fixture.client, sharding: Sharding(count: 1), options: patient)
                #expect(try await queue.enqueue(fixture.job("b")) == .accepted)
            }
        }
    }
}
