import Native
import TestSupport
import Testing

@testable import Shared

@Suite("What an operator sees of the queue", .onLoop)
@LoopActor struct QueueInspectTests {
    @Test func `an empty queue shows nothing, and looking changes nothing`() async throws {
        try await QueueFixture.with(shards: 3) { fixture in
            let seen = try await fixture.queue.inspect()
            #expect(Lane.allCases.allSatisfy { seen[$0] == QueueInspection.LaneState() })
            #expect(seen.delayed == 0 && seen.suspects == 0 && !seen.isEstimate)
            let keys = try await fixture.snapshot()
            #expect(keys.isEmpty)
        }
    }

    @Test func `each lane shows its jobs, those under way, and the age of the oldest that waits`() async throws {
        try await QueueFixture.with(shards: 3) { fixture in
            let queue = fixture.queue
            for number in 1...3 { _ = try await queue.enqueue(fixture.job("a\(number)", "c")) }
            let shard = queue.sharding.shard(of: try fixture.job("a1", "c").group())
            let lease = try await fixture.claim(shard: shard)[0]
            _ = try await queue.enqueue(fixture.job("low", "d", lane: .low))
            try await LoopActor.loop.sleep(for: .milliseconds(20))
            let seen = try await queue.inspect()
            #expect(seen[.default].depth == 3 && seen[.default].inFlight == 1)
            // a2, which waits behind the one under way.
            #expect(try #require(seen[.default].oldest) >= .milliseconds(20))
            #expect(seen[.low].depth == 1 && seen[.low].inFlight == 0 && seen[.low].oldest != nil)
            #expect(seen[.high] == QueueInspection.LaneState())
            try await queue.retryLater(lease, after: .seconds(60), refund: false)
            let later = try await queue.inspect()
            #expect(later.delayed == 1 && later[.default].inFlight == 0 && later[.default].depth == 3)
            let jobs = try await queue.jobs(of: TenantID("t")), none = try await queue.jobs(of: TenantID("nobody"))
            #expect(jobs == 4 && none == 0)
        }
    }

    @Test func `the oldest is found also where its tenant is parked`() async throws {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            _ = try await queue.enqueue(fixture.job("old", "c", tenant: "parked"))
            try await queue.pause(.tenant(TenantID("parked")))
            let nothing = try await fixture.claim()
            #expect(nothing.isEmpty)
            let seen = try await queue.inspect()
            #expect(seen[.default].oldest != nil && seen[.default].pause == .no)
        }
    }

    @Test func `the oldest is found also where others come first`() async throws {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            for number in 1...2 { _ = try await queue.enqueue(fixture.job("a\(number)", "c\(number)", tenant: "a")) }
            let enqueued = MonotonicInstant.now()
            try await LoopActor.loop.sleep(for: .milliseconds(50))
            _ = try await queue.enqueue(fixture.job("b", tenant: "b"))
            // Takes a1, so that b is the next in turn, and a2 behind it.
            let lease = try await fixture.claim(1)[0]
            #expect(lease.job.id.rawValue == "a1")
            let waits = MonotonicInstant.now() - enqueued
            let seen = try await queue.inspect()
            #expect(try #require(seen[.default].oldest) >= waits - .milliseconds(5))
        }
    }

    @Test func `however much waits, only so many groups and leases are looked at`() async throws {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            for number in 1...30 { _ = try await queue.enqueue(fixture.job("a\(number)", "c\(number)")) }
            _ = try await fixture.claim(20)
            for number in 1...10 {
                _ = try await queue.enqueue(fixture.job("b\(number)", "d\(number)", tenant: "t\(number)", lane: .low))
            }
            let before = try await fixture.reads()
            let seen = try await queue.inspect(groups: 2, leases: 10)
            let reads = try await fixture.reads() - before
            // Two ready groups of each of the two lanes, two leased ones of the one.
            #expect(reads == 6)
            #expect(seen.isEstimate && seen[.default].inFlight == 20 && seen[.default].depth == 30)
        }
    }

    @Test func `a pause shows in all its shards, and one that was cut off shows as such`() async throws {
        try await QueueFixture.with(shards: 3) { fixture in
            let queue = fixture.queue
            try await queue.pause(.lane(.broadcasts))
            _ = try await fixture.client.send(RedisCommand("SADD", queue.keys(of: 1).paused, "lane:low"))
            let seen = try await queue.inspect()
            #expect(seen[.broadcasts].pause == .yes && seen[.low].pause == .partly && seen[.default].pause == .no)
        }
    }
}

extension QueueFixture {
    /// How often a list was read by place since the server's start.
    fileprivate func reads() async throws -> Int {
        let info = try await client.send(RedisCommand("INFO", "commandstats")).text ?? ""
        guard let line = info.split(whereSeparator: \.isNewline).first(where: { $0.hasPrefix("cmdstat_lindex:") })
        else { return 0 }
        let calls = line.drop { $0 != "=" }.dropFirst().prefix { $0 != "," }
        return Int(calls) ?? 0
    }
}
