import Native
import TestSupport
import Testing

@testable import Shared

@Suite("Queue: tenants that are full", .onLoop)
@LoopActor struct QueueFullTenantTests {
    /// Everything there is, for a worker of which so much is free, and in which these tenants hold slots.
    private func plan(_ slots: Int, free: Int, _ held: [String: Int] = [:]) -> ClaimPlan {
        var plan = QueueFixture.plan(slots)
        plan.tenants = .init(free: free, holdings: held.map { .init(tenant: TenantID($0.key), slots: $0.value) })
        return plan
    }

    private func claim(_ fixture: QueueFixture, _ plan: ClaimPlan) async throws -> Claimed {
        try await fixture.queue.claim(plan, from: 0, for: fixture.worker)
    }

    private func fill(_ fixture: QueueFixture, _ tenants: String..., count: Int = 1) async throws {
        for number in 1...count {
            for tenant in tenants {
                _ = try await fixture.queue.enqueue(
                    fixture.job("\(tenant)\(number)", "\(tenant)\(number)", tenant: tenant))
            }
        }
    }

    @Test func `a full tenant is passed over, keeps its turn, and is told of`() async throws {
        try await QueueFixture.with { fixture in
            try await fill(fixture, "a", "b", "c", count: 2)
            // Slots of lower classes are the asked ones: ten are free for `default`.
            let first = try await claim(fixture, plan(10, free: 20, ["a": 60, "b": 59]))
            #expect(first.leases.map(\.job.id.rawValue) == ["b1", "c1", "c2"])
            #expect(!first.hasMore)
            #expect(Set(first.withheld.map(\.tenant.rawValue)) == ["a", "b"])
            #expect(first.withheld.allSatisfy { $0.lane == .default })
            #expect(try await fixture.audit().isEmpty)
            // For another worker it is not full.
            let second = try await fixture.claim()
            #expect(second.map(\.job.id.rawValue) == ["a1", "b2", "a2"])
        }
    }

    @Test(arguments: [(6, 6), (7, 6), (14, 12), (30, 26)])
    func `a claim alone fills no worker with one tenant`(slots: Int, most: Int) async throws {
        try await QueueFixture.with { fixture in
            try await fill(fixture, "a", count: 32)
            let claimed = try await claim(fixture, plan(slots, free: slots))
            #expect(claimed.leases.count == most)
            #expect(TenantShares.left(holding: 0, free: slots) == most)
            #expect(claimed.hasMore == (most == slots))
            #expect(claimed.withheld.isEmpty == (most == slots))
        }
    }

    @Test func `slots reserved for a lane above are not free, and in that lane a tenant gets them`() async throws {
        try await QueueFixture.with { fixture in
            for lane in [Lane.default, .high] {
                for id in 0..<5 {
                    _ = try await fixture.queue.enqueue(fixture.job("\(lane)\(id)", "c\(id)", lane: lane))
                }
            }
            var held = plan(10, free: 10, ["t": 32])
            held = ClaimPlan(
                slots: 10, belowHigh: 5, belowDefault: 5, lanes: held.lanes.reversed(), tenants: held.tenants)
            let claimed = try await claim(fixture, held)
            #expect(claimed.leases.map(\.group.lane) == Array(repeating: .high, count: 4))
            #expect(claimed.withheld.map(\.lane) == [.default, .high])
        }
    }

    @Test func `with only full tenants left the worker waits, and another one's job wakes it`() async throws {
        try await QueueFixture.with { fixture in
            try await fill(fixture, "a")
            let claimed = try await claim(fixture, plan(5, free: 5, ["a": 30]))
            #expect(claimed.leases.isEmpty && !claimed.hasMore && claimed.withheld.count == 1)
            let waiting = try await fixture.client.send(RedisCommand("ZCARD", fixture.queue.keys(of: 0).idle))
            #expect(waiting.int == 1)
            try await fill(fixture, "b")
            let next = try await claim(fixture, plan(5, free: 5, ["a": 30]))
            #expect(next.leases.map(\.job.id.rawValue) == ["b1"])
        }
    }

    @Test func `a tenant that is paused is parked, full or not`() async throws {
        try await QueueFixture.with { fixture in
            try await fill(fixture, "a")
            try await fixture.queue.pause(.tenant(TenantID("a")))
            let claimed = try await claim(fixture, plan(5, free: 5, ["a": 30]))
            #expect(claimed.leases.isEmpty && claimed.withheld.isEmpty)
            try await fixture.queue.resume(.tenant(TenantID("a")))
            #expect(try await fixture.claimOne().job.id == JobID("a1"))
        }
    }
}
