import Native
import TestSupport
import Testing

@testable import Shared

@Suite("Queue: order and turns", .onLoop)
@LoopActor struct QueueOrderTests {
    @Test func `a job comes back as it was enqueued`() async throws {
        try await QueueFixture.with { fixture in
            var job = fixture.job("j1", "+4917012345|678")
            job.version = 3
            job.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
            job.payload = Array("{\"text\":\"a|b\\nc ♥\"}\n".utf8)
            #expect(try await fixture.queue.enqueue(job) == .accepted)
            let lease = try await fixture.claimOne()
            #expect(lease.job.enqueuedAtMS > 1_700_000_000_000)
            job.enqueuedAtMS = lease.job.enqueuedAtMS
            #expect(lease.job == job)
            #expect(lease.attempts == 1 && lease.crashes == 0 && lease.behind == 0 && lease.checkpoint.isEmpty)
            #expect(lease.deadline > .now())
        }
    }

    @Test func `jobs of a conversation run one at a time in the order of acceptance`() async throws {
        try await QueueFixture.with { fixture in
            for id in 0..<5 { _ = try await fixture.queue.enqueue(fixture.job("j\(id)")) }
            for id in 0..<5 {
                let lease = try await fixture.claimOne()
                #expect(lease.job.id == JobID("j\(id)") && lease.behind == 4 - id)
                #expect(try await fixture.claim().isEmpty)
                try await fixture.queue.ack(lease)
            }
            #expect(try await fixture.claim().isEmpty)
            #expect(try await fixture.leftovers().isEmpty)
        }
    }

    @Test func `retry, release and takeover keep the order`() async throws {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            for id in ["a", "b"] { _ = try await queue.enqueue(fixture.job(id)) }
            try await queue.retryLater(fixture.claimOne(), after: .zero, refund: false)
            _ = try await queue.enqueue(fixture.job("c"))
            #expect(try await fixture.claim().isEmpty)
            #expect(try await queue.promote() == 1)
            try await queue.release(fixture.claimOne())
            let dying = try await fixture.claimOne(lease: .zero)
            #expect(dying.job.id == JobID("a"))
            #expect(try await queue.reap() == 1)
            for id in ["a", "b", "c"] {
                let lease = try await fixture.claimOne()
                #expect(lease.job.id == JobID(id))
                try await queue.ack(lease)
            }
        }
    }

    @Test func `attempts count claims, except those that are refunded, and begin anew with each job`() async throws {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            for id in ["a", "b"] { _ = try await queue.enqueue(fixture.job(id)) }
            var attempts: [Int] = []
            for refund in [false, true, false] {
                let lease = try await fixture.claimOne()
                attempts.append(lease.attempts)
                try await queue.retryLater(lease, after: .zero, refund: refund)
                _ = try await queue.promote()
            }
            let last = try await fixture.claimOne()
            attempts.append(last.attempts)
            #expect(attempts == [1, 2, 2, 3])
            try await queue.ack(last)
            #expect(try await fixture.claimOne().attempts == 1)
        }
    }

    @Test func `jobs without a conversation run side by side`() async throws {
        try await QueueFixture.with { fixture in
            for id in 0..<3 { _ = try await fixture.queue.enqueue(fixture.job("j\(id)", nil)) }
            let leases = try await fixture.claim()
            #expect(leases.count == 3 && leases.allSatisfy { $0.job.conversation == nil })
        }
    }

    @Test func `a tenant with many conversations delays another by one turn`() async throws {
        try await QueueFixture.with { fixture in
            for id in 0..<50 { _ = try await fixture.queue.enqueue(fixture.job("a\(id)", "c\(id)", tenant: "a")) }
            _ = try await fixture.queue.enqueue(fixture.job("b", "c", tenant: "b"))
            let tenants = try await fixture.claim(3).map(\.job.tenant.rawValue)
            #expect(tenants == ["a", "b", "a"])
        }
    }

    @Test func `lanes get their quota, and what one leaves goes to the others`() async throws {
        try await QueueFixture.with { fixture in
            for id in 0..<10 {
                for lane in [Lane.high, .low] {
                    _ = try await fixture.queue.enqueue(fixture.job("\(lane)\(id)", "c\(id)", lane: lane))
                }
            }
            let plan = ClaimPlan(
                slots: 8, belowHigh: 8, belowDefault: 8,
                lanes: [
                    .init(lane: .high, quota: 3, limit: 8), .init(lane: .default, quota: 4, limit: 8),
                    .init(lane: .low, quota: 1, limit: 2),
                ])
            let claimed = try await fixture.queue.claim(plan, from: 0, for: fixture.worker)
            #expect(claimed.leases.filter { $0.group.lane == .high }.count == 7)
            #expect(claimed.leases.filter { $0.group.lane == .low }.count == 1)
            #expect(claimed.hasMore)
        }
    }

    @Test func `slots reserved for a lane above are not taken`() async throws {
        try await QueueFixture.with { fixture in
            for id in 0..<10 {
                for lane in [Lane.default, .low] {
                    _ = try await fixture.queue.enqueue(fixture.job("\(lane)\(id)", "c\(id)", lane: lane))
                }
            }
            let shares = [Lane.low, .default, .high].map { ClaimPlan.Share(lane: $0, quota: 1, limit: 10) }
            let plan = ClaimPlan(slots: 10, belowHigh: 7, belowDefault: 3, lanes: shares)
            let leases = try await fixture.queue.claim(plan, from: 0, for: fixture.worker).leases
            #expect(leases.filter { $0.group.lane == .low }.count == 3)
            #expect(leases.filter { $0.group.lane == .default }.count == 4)
        }
    }

    @Test func `a delayed job is ready when it is due and not before`() async throws {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            _ = try await queue.enqueue(fixture.job("a"), delay: .seconds(3600))
            #expect(try await queue.promote() == 0)
            #expect(try await queue.depths().delayed == 1)
            #expect(try await fixture.claim().isEmpty)
            _ = try await queue.enqueue(fixture.job("b", "d"), delay: .milliseconds(1))
            try await eventually { try await queue.promote() == 1 }
            #expect(try await fixture.claimOne().job.id == JobID("b"))
        }
    }
}
