import Native
import TestSupport
import Testing

@testable import Shared

@Suite("Queue: the end of a job", .onLoop)
@LoopActor struct QueueAckTests {
    private func lines(_ texts: String...) -> [[UInt8]] { texts.map { Array($0.utf8) } }

    @Test func `the memory grows in order, is trimmed, lives its time and is the same in every lane`() async throws {
        try await QueueFixture.with {
            $0.memoryLines = 3
            $0.memoryLifetime = .seconds(100)
        } _: { fixture in
            let queue = fixture.queue
            _ = try await queue.enqueue(fixture.job("a", lane: .default))
            try await queue.ack(fixture.claimOne(), remember: lines("1", "2"))
            _ = try await queue.enqueue(fixture.job("b", lane: .high))
            let lease = try await fixture.claimOne()
            #expect(try await queue.memory(of: lease.group) == lines("1", "2"))
            try await queue.ack(lease, remember: lines("3", "4"))
            #expect(try await queue.memory(of: lease.group) == lines("2", "3", "4"))
            let key = queue.keys(of: 0).memory(lease.group)
            let life = try #require(try await fixture.client.send(RedisCommand("PTTL", key)).int)
            #expect(life > 50_000 && life <= 100_000)
        }
    }

    @Test func `two tenants with the same contact have two memories`() async throws {
        try await QueueFixture.with { fixture in
            for tenant in ["x", "y"] {
                _ = try await fixture.queue.enqueue(fixture.job(tenant, "+49", tenant: tenant))
                try await fixture.queue.ack(fixture.claimOne(), remember: lines(tenant))
            }
            let group = try fixture.job("j", "+49", tenant: "x").group()
            #expect(try await fixture.queue.memory(of: group) == lines("x"))
        }
    }

    @Test func `what follows from a job is enqueued by the same step, in its own lane and in order`() async throws {
        try await QueueFixture.with(shards: 16) { fixture in
            let queue = fixture.queue
            let group = try fixture.job("a").group()
            let shard = queue.sharding.shard(of: group)
            _ = try await queue.enqueue(fixture.job("a"))
            let lease = try await fixture.claim(shard: shard)[0]
            let rows = ["r1", "r2"].map { fixture.job($0, "c", lane: .maintenance) }
            try await queue.ack(lease, following: rows + [fixture.job("again"), fixture.job("alone", nil, lane: .low)])
            #expect(try await queue.depths().jobs == [.maintenance: 2, .default: 1, .low: 1])
            var seen: [String] = []
            while let lease = try await fixture.claim(1, shard: shard).first {
                seen.append(lease.job.id.rawValue)
                try await queue.ack(lease)
            }
            #expect(Set(seen) == ["r1", "r2", "again", "alone"])
            #expect(seen.firstIndex(of: "r1")! < seen.firstIndex(of: "r2")!)
            #expect(try await fixture.leftovers().isEmpty)
        }
    }

    @Test func `a following job of another conversation is refused and nothing is done`() async throws {
        try await QueueFixture.with { fixture in
            _ = try await fixture.queue.enqueue(fixture.job("a"))
            let lease = try await fixture.claimOne()
            let before = try await fixture.snapshot()
            await #expect(throws: QueueError.self) {
                try await fixture.queue.ack(lease, following: [fixture.job("b", "other")])
            }
            #expect(try await fixture.snapshot() == before)
        }
    }

    @Test func `several messages can be read and ended as one`() async throws {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            for id in 0..<4 { _ = try await queue.enqueue(fixture.job("j\(id)")) }
            let lease = try await fixture.claimOne()
            #expect(try await queue.waiting(behind: lease, limit: 2).map(\.id.rawValue) == ["j1", "j2"])
            await #expect(throws: QueueError.rejected("BADCOUNT 5")) { try await queue.ack(lease, count: 5) }
            try await queue.ack(lease, count: 3)
            #expect(try await fixture.claimOne().job.id == JobID("j3"))
            #expect(try await fixture.audit().isEmpty)
        }
    }

    @Test func `a dead job is shown, and the next of its group goes on`() async throws {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            for id in ["a", "b"] { _ = try await queue.enqueue(fixture.job(id)) }
            let lease = try await fixture.claimOne()
            try await queue.checkpoint(lease, ["step": "1"])
            try await queue.failToDead(lease, reason: "unknown job")
            #expect(try await fixture.claimOne().job.id == JobID("b"))
            let depths = try await queue.depths()
            #expect(depths.dead == 1 && depths.jobs == [.default: 1] && depths.leased == 1)
            let dead = try await fixture.client.send(RedisCommand("XRANGE", queue.keys(of: 0).dead, "-", "+"))
            let fields = dead.items?.first?.items?.last?.items?.compactMap(\.text) ?? []
            let shown = ["group", "default|t|c", "reason", "unknown job", "attempts", "1", "crashes", "0", "job", "a"]
            #expect(fields == shown)
        }
    }

    @Test func `a record that cannot be read arrives under a name that nobody handles`() async throws {
        try await QueueFixture.with { fixture in
            _ = try await fixture.queue.enqueue(fixture.job("a"))
            let key = fixture.queue.keys(of: 0).jobs(try fixture.job("a").group())
            _ = try await fixture.client.send(RedisCommand("LSET", key, "0", "1|a|{nonsense"))
            let lease = try await fixture.claimOne()
            #expect(lease.job.name == "unreadable")
            #expect(lease.job.payload == Array("1|a|{nonsense".utf8))
            try await fixture.queue.failToDead(lease, reason: "unreadable")
            #expect(try await fixture.leftovers().isEmpty)
        }
    }

    @Test(arguments: ["", "nonsense", "12|a", "x|a|{}", "|a|{}"])
    func `a record of no form ends as dead, and what is behind and beside it goes on`(record: String) async throws {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            for id in ["a", "b"] { _ = try await queue.enqueue(fixture.job(id)) }
            _ = try await queue.enqueue(fixture.job("beside", "d"))
            let key = queue.keys(of: 0).jobs(try fixture.job("a").group())
            _ = try await fixture.client.send(RedisCommand("LSET", key, "0", record))
            let leases = try await fixture.claim()
            #expect(leases.map(\.job.name) == ["unreadable", "test"])
            let lease = try #require(leases.first)
            #expect(lease.job.payload == Array(record.utf8) && lease.wait == .zero)
            try await queue.checkpoint(lease, ["step": "1"])
            try await queue.failToDead(lease, reason: "unreadable")
            let next = try await fixture.claimOne()
            #expect(next.job.id == JobID("b"))
            for lease in [next, leases[1]] { try await queue.ack(lease) }
            #expect(try await fixture.leftovers().isEmpty)
        }
    }
}
