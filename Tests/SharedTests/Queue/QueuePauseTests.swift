import Native
import TestSupport
import Testing

@testable import Shared

@Suite("Queue: pause and resume", .onLoop)
@LoopActor struct QueuePauseTests {
    @Test func `a paused lane is not claimed and its jobs are, once it is resumed`() async throws {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            try await queue.pause(.lane(.broadcasts))
            _ = try await queue.enqueue(fixture.job("b", "b", lane: .broadcasts))
            _ = try await queue.enqueue(fixture.job("d", "d"))
            let claimed = try await queue.claim(QueueFixture.plan(), from: 0, for: fixture.worker)
            #expect(claimed.leases.map(\.job.id) == [JobID("d")])
            #expect(!claimed.hasMore)
            #expect(try await queue.paused() == [.lane(.broadcasts)])
            try await queue.resume(.lane(.broadcasts))
            #expect(try await fixture.claim().map(\.job.id) == [JobID("b")])
            #expect(try await queue.paused().isEmpty)
        }
    }

    @Test func `a paused business is parked at its turn, keeps its order, and the others go on`() async throws {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            for number in 1...2 {
                for tenant in ["quiet", "busy"] {
                    for lane in [Lane.default, .low] {
                        let id = "\(tenant)\(lane)\(number)"
                        _ = try await queue.enqueue(fixture.job(id, id, tenant: tenant, lane: lane))
                    }
                }
            }
            try await queue.pause(.tenant(TenantID("quiet")))
            #expect(try await fixture.claim().allSatisfy { $0.group.tenant == TenantID("busy") })
            #expect(try await fixture.audit().isEmpty)
            // Accepted while it is parked.
            _ = try await queue.enqueue(fixture.job("late", "late", tenant: "quiet"))
            #expect(try await fixture.claim().isEmpty)
            #expect(try await fixture.audit().isEmpty)
            try await queue.resume(.tenant(TenantID("quiet")))
            let resumed = try await fixture.claim()
            #expect(
                resumed.filter { $0.group.lane == .default }.map(\.job.id.rawValue) == [
                    "quietdefault1", "quietdefault2", "late",
                ])
            #expect(resumed.count == 5)
            #expect(try await fixture.audit().isEmpty)
        }
    }

    @Test func `what is under way finishes, and its next job waits`() async throws {
        try await QueueFixture.with { fixture in
            for id in ["a", "b"] { _ = try await fixture.queue.enqueue(fixture.job(id)) }
            let lease = try await fixture.claimOne()
            try await fixture.queue.pause(.tenant(TenantID("t")))
            try await fixture.queue.ack(lease)
            #expect(try await fixture.claim().isEmpty)
            try await fixture.queue.resume(.tenant(TenantID("t")))
            #expect(try await fixture.claimOne().job.id == JobID("b"))
        }
    }

    @Test func `suspects of a paused business wait too`() async throws {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            _ = try await queue.enqueue(fixture.job("a"))
            for _ in 0..<2 {
                _ = try await fixture.claimOne(lease: .zero)
                _ = try await queue.reap()
            }
            for target in [PauseTarget.tenant(TenantID("t")), .lane(.default)] {
                try await queue.pause(target)
                #expect(try await queue.claimSuspects(1, from: 0, for: fixture.worker).leases.isEmpty)
                try await queue.resume(target)
            }
            #expect(try await queue.claimSuspects(1, from: 0, for: fixture.worker).leases.count == 1)
        }
    }

    @Test func `suspects of a paused business are not counted, keep their order, and the others are claimed`()
        async throws
    {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            for tenant in ["p", "q"] {
                for id in ["1", "2"] { _ = try await queue.enqueue(fixture.job(tenant + id, id, tenant: tenant)) }
            }
            for _ in 0..<2 {
                #expect(try await fixture.claim(lease: .zero).count == 4)
                _ = try await queue.reap()
            }
            let list = RedisCommand("LRANGE", queue.keys(of: 0).suspects, "0", "-1")
            func suspects() async throws -> [String] {
                try await fixture.client.send(list).items?.compactMap(\.text) ?? []
            }
            let all = try await suspects()
            #expect(all.count == 4)
            for tenant in ["p", "q"] { try await queue.pause(.tenant(TenantID(tenant))) }
            let none = try await queue.claimSuspects(3, from: 0, for: fixture.worker)
            #expect(none.leases.isEmpty && none.suspects == 0)
            #expect(try await queue.claim(QueueFixture.plan(), from: 0, for: fixture.worker).suspects == 0)
            #expect(try await suspects() == all)
            try await queue.resume(.tenant(TenantID("q")))
            let claimed = try await queue.claimSuspects(3, from: 0, for: fixture.worker)
            #expect(claimed.suspects == 2 && claimed.leases.count == 2)
            #expect(try await suspects() == all.filter { $0.contains("|p|") })
        }
    }

    @Test func `to resume wakes who waits, and to pause or resume again changes nothing`() async throws {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            for _ in 0..<2 { try await queue.pause(.lane(.default)) }
            _ = try await queue.enqueue(fixture.job("a"))
            #expect(try await fixture.claim().isEmpty)
            let waiting = RedisCommand("ZCARD", queue.keys(of: 0).idle)
            #expect(try await fixture.client.send(waiting).int == 1)
            try await queue.resume(.lane(.default))
            #expect(try await fixture.client.send(waiting).int == 0)
            let before = try await fixture.snapshot()
            try await queue.resume(.lane(.default))
            #expect(try await fixture.snapshot() == before)
        }
    }

    @Test(arguments: [PauseTarget.lane(.receiptsSync), .tenant(TenantID("a:b"))])
    func `a target is known by its member`(_ target: PauseTarget) {
        #expect(PauseTarget(member: target.member) == target)
        #expect(PauseTarget(member: "lane:none") == nil && PauseTarget(member: "tenant") == nil)
    }
}
