import Native
import TestSupport
import Testing

@testable import Shared

@Suite("Lease keeper", .onLoop)
@LoopActor struct LeaseKeeperTests {
    @Test func `held leases are renewed in time, new ones sooner, and dropped ones run out`() async throws {
        try await QueueFixture.with(shards: 4) { fixture in
            let lost = Events<JobID>()
            let keeper = LeaseKeeper(
                queue: fixture.queue, lease: .seconds(2), beat: .milliseconds(200),
                onLost: { lease, _ in lost.send(lease.job.id) })
            defer { keeper.stop() }
            for id in 0..<12 { _ = try await fixture.queue.enqueue(fixture.job("j\(id)", "c\(id)")) }
            var leases: [Lease] = []
            for shard in 0..<4 { leases += try await fixture.claim(lease: .milliseconds(1500), shard: shard) }
            #expect(leases.count == 12)
            for lease in leases { keeper.hold(lease) }
            let start = MonotonicInstant.now()
            // Longer than a lease that was renewed once.
            while MonotonicInstant.now() - start < .milliseconds(3800) {
                #expect(try await fixture.queue.reap() == 0)
                try await LoopActor.loop.sleep(for: .milliseconds(20))
            }
            #expect(keeper.deadline(of: leases[0])! > leases[0].deadline)
            keeper.drop(leases[0])
            #expect(keeper.count == 11 && keeper.deadline(of: leases[0]) == nil)
            try await eventually { try await fixture.queue.reap() == 1 }
            for lease in leases.dropFirst() { try await fixture.queue.ack(lease) }
            for _ in 0..<11 { _ = try await lost.next() }
            #expect(keeper.count == 0)
        }
    }

    @Test func `a lease that somebody else took is reported once`() async throws {
        try await QueueFixture.with { fixture in
            let lost = Events<(JobID, LeaseKeeper.Loss)>()
            let keeper = LeaseKeeper(
                queue: fixture.queue, beat: .milliseconds(10),
                onLost: { lease, loss in lost.send((lease.job.id, loss)) })
            defer { keeper.stop() }
            _ = try await fixture.queue.enqueue(fixture.job("a"))
            let first = try await fixture.claimOne(lease: .zero)
            _ = try await fixture.queue.reap()
            let second = try await fixture.claimOne()
            keeper.hold(first)
            let report = try await lost.next()
            #expect(report == (JobID("a"), .taken))
            keeper.hold(second)
            await #expect(throws: Events<(JobID, LeaseKeeper.Loss)>.TimedOut.self) {
                try await lost.next(within: .milliseconds(100))
            }
            #expect(keeper.count == 1)
        }
    }

    @Test func `a newer lease of the same group tells that the older one is lost`() async throws {
        try await QueueFixture.with { fixture in
            let lost = Events<LeaseToken>()
            // Its first beat never comes: nobody but the newer lease can tell.
            let keeper = LeaseKeeper(
                queue: fixture.queue, beat: .seconds(3600), onLost: { lease, _ in lost.send(lease.token) })
            defer { keeper.stop() }
            _ = try await fixture.queue.enqueue(fixture.job("a"))
            let first = try await fixture.claimOne(lease: .zero)
            keeper.hold(first)
            keeper.hold(first)
            _ = try await fixture.queue.reap()
            let second = try await fixture.claimOne()
            keeper.hold(second)
            let told = try await lost.next()
            #expect(told == first.token)
            #expect(keeper.deadline(of: first) == nil && keeper.deadline(of: second) == second.deadline)
        }
    }

    @Test func `a job past its own limit is not renewed`() async throws {
        try await QueueFixture.with { fixture in
            let lost = Events<LeaseKeeper.Loss>()
            let keeper = LeaseKeeper(
                queue: fixture.queue, beat: .milliseconds(10), onLost: { _, loss in lost.send(loss) })
            defer { keeper.stop() }
            _ = try await fixture.queue.enqueue(fixture.job("a"))
            keeper.hold(try await fixture.claimOne(), until: .now() + .milliseconds(30))
            #expect(try await lost.next() == .overran)
            #expect(keeper.count == 0)
        }
    }

    @Test func `an outage of Redis loses nothing, and leases are renewed when it is over`() async throws {
        var server = RedisServer.Options()
        server.appendOnly = true
        server.more = ["--appendfsync", "always"]
        try await QueueFixture.with(server: server) { fixture in
            let lost = Events<JobID>()
            let keeper = LeaseKeeper(
                queue: fixture.queue, beat: .milliseconds(20), onLost: { lease, _ in lost.send(lease.job.id) })
            defer { keeper.stop() }
            _ = try await fixture.queue.enqueue(fixture.job("a"))
            let lease = try await fixture.claimOne(lease: .milliseconds(100))
            keeper.hold(lease)
            fixture.server.kill()
            try await eventually { MonotonicInstant.now() > lease.deadline }
            #expect(keeper.count == 1)
            try await fixture.server.start()
            try await eventually { keeper.deadline(of: lease)! > .now() + .seconds(10) }
            #expect(try await fixture.queue.reap() == 0)
            try await fixture.queue.ack(lease)
        }
    }
}
