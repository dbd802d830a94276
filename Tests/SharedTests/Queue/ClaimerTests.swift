import Native
import TestSupport
import Testing

@testable import Shared

@Suite("Claimer", .onLoop)
@LoopActor struct ClaimerTests {
    private func claimer(
        _ fixture: QueueFixture, worker: String = "w1", capacity: Int = 100, sweep: Duration = .seconds(3600),
        onLease: @escaping @LoopActor (Lease) -> Void
    ) -> Claimer {
        var options = Claimer.Options()
        options.sweepInterval = sweep
        options.firstLease = .seconds(60)
        let lanes = Lane.allCases.map { (lane: $0, weight: $0.standardWeight) }
        return Claimer(
            queue: fixture.queue, address: fixture.server.address, connection: RedisServer.eagerOptions,
            worker: WorkerID(worker), budget: LaneBudget(lanes: lanes, capacity: capacity), options: options,
            onLease: onLease)
    }

    /// Waits until the worker waits in every shard.
    private func settled(_ fixture: QueueFixture, workers: Int = 1) async throws {
        try await eventually {
            var waiting = 0
            for shard in 0..<fixture.queue.sharding.count {
                let count = try await fixture.client.send(RedisCommand("ZCARD", fixture.queue.keys(of: shard).idle))
                waiting += count.int ?? 0
            }
            return waiting == workers * fixture.queue.sharding.count
        }
    }

    @Test func `a job reaches an idle worker by its wake-up alone, in every shard`() async throws {
        try await QueueFixture.with(shards: 8) { fixture in
            let leases = Events<Lease>()
            let claimer = claimer(fixture) { leases.send($0) }
            claimer.start()
            try await settled(fixture)
            for id in 0..<40 {
                _ = try await fixture.queue.enqueue(fixture.job("j\(id)", "c\(id)"))
                let lease = try await leases.next()
                #expect(lease.job.id == JobID("j\(id)"))
                try await fixture.queue.ack(lease)
                claimer.finished(lease)
            }
            #expect(claimer.inFlight == 0)
            await claimer.stop()
        }
    }

    @Test func `a retried, a released and a reaped job wake a worker too`() async throws {
        try await QueueFixture.with { fixture in
            let leases = Events<Lease>()
            let claimer = claimer(fixture) { leases.send($0) }
            claimer.start()
            _ = try await fixture.queue.enqueue(fixture.job("a"))
            let first = try await leases.next()
            try await settled(fixture)
            try await fixture.queue.retryLater(first, after: .zero, refund: false)
            claimer.finished(first)
            _ = try await fixture.queue.promote()
            let second = try await leases.next()
            try await settled(fixture)
            try await fixture.queue.release(second)
            claimer.finished(second)
            let third = try await leases.next()
            try await settled(fixture)
            #expect(try await fixture.queue.heartbeat([third], on: 0, lease: .zero).isEmpty)
            _ = try await fixture.queue.reap()
            claimer.finished(third)
            let fourth = try await leases.next()
            #expect(fourth.attempts == 2 && fourth.crashes == 1)
            await claimer.stop()
        }
    }

    @Test func `a full worker takes no more than its slots, and goes on when one is free`() async throws {
        try await QueueFixture.with(shards: 4) { fixture in
            for id in 0..<50 { _ = try await fixture.queue.enqueue(fixture.job("j\(id)", "c\(id)", lane: .high)) }
            let leases = Events<Lease>()
            let claimer = claimer(fixture, capacity: 3) { leases.send($0) }
            claimer.start()
            for _ in 0..<50 {
                let lease = try await leases.next()
                #expect(claimer.inFlight <= 3)
                try await fixture.queue.ack(lease)
                claimer.finished(lease)
            }
            #expect(try await fixture.queue.depths().jobs.isEmpty)
            await claimer.stop()
        }
    }

    @Test func `one tenant gets six of seven slots, another's job starts at once, and nothing is asked meanwhile`()
        async throws
    {
        try await QueueFixture.with(shards: 4) { fixture in
            for id in 0..<80 { _ = try await fixture.queue.enqueue(fixture.job("a\(id)", "a\(id)", lane: .high)) }
            let leases = Events<Lease>()
            let claimer = claimer(fixture, capacity: 70) { leases.send($0) }
            claimer.start()
            var held: [Lease] = []
            for _ in 0..<60 { held.append(try await leases.next()) }
            try await settled(fixture)
            #expect(claimer.inFlight == 60)
            _ = try await fixture.queue.enqueue(fixture.job("b", "b", tenant: "other", lane: .high))
            let other = try await leases.next()
            #expect(other.job.id == JobID("b"))
            try await fixture.queue.ack(other)
            claimer.finished(other)
            try await settled(fixture)
            let before = try await scriptsRun(fixture)
            for _ in 0..<100 { _ = try await fixture.client.send(RedisCommand("PING")) }
            #expect(try await scriptsRun(fixture) == before)
            // Each slot that it gives back it gets again, by that alone.
            for _ in 0..<20 {
                let lease = held.removeFirst()
                try await fixture.queue.ack(lease)
                claimer.finished(lease)
                held.append(try await leases.next())
                #expect(claimer.inFlight == 60)
            }
            for lease in held {
                try await fixture.queue.ack(lease)
                claimer.finished(lease)
            }
            #expect(claimer.inFlight == 0)
            #expect(try await fixture.queue.depths().jobs.isEmpty)
            await claimer.stop()
        }
    }

    /// By their hash, since Redis started.
    private func scriptsRun(_ fixture: QueueFixture) async throws -> String {
        let all = try await fixture.client.send(RedisCommand("INFO", "commandstats")).text ?? ""
        let line = all.split(separator: "\r\n").first { $0.hasPrefix("cmdstat_evalsha:") }
        return String(try #require(line).prefix { $0 != "," })
    }

    @Test func `a wake-up that meets a full worker is passed on to another`() async throws {
        try await QueueFixture.with { fixture in
            let leases = Events<(String, Lease)>()
            let busy = claimer(fixture, worker: "busy", capacity: 1) { leases.send(("busy", $0)) }
            busy.start()
            try await settled(fixture)
            _ = try await fixture.queue.enqueue(fixture.job("a", "a"))
            _ = try await leases.next()
            // As if it had been registered in this shard before it filled up in another.
            _ = try await fixture.client.send(RedisCommand("ZADD", fixture.queue.keys(of: 0).idle, "1", "busy"))
            let idle = claimer(fixture, worker: "idle") { leases.send(("idle", $0)) }
            idle.start()
            try await settled(fixture, workers: 2)
            _ = try await fixture.queue.enqueue(fixture.job("b", "b"))
            let second = try await leases.next()
            #expect(second.0 == "idle" && second.1.job.id == JobID("b"))
            await busy.stop()
            await idle.stop()
        }
    }

    @Test func `a worker that died does not swallow wake-ups`() async throws {
        try await QueueFixture.with { fixture in
            let leases = Events<Lease>()
            let claimer = claimer(fixture) { leases.send($0) }
            claimer.start()
            try await settled(fixture)
            for dead in 1...5 {
                _ = try await fixture.client.send(
                    RedisCommand("ZADD", fixture.queue.keys(of: 0).idle, "\(dead)", "dead\(dead)"))
            }
            _ = try await fixture.queue.enqueue(fixture.job("a"))
            #expect(try await leases.next().job.id == JobID("a"))
            await claimer.stop()
        }
    }

    @Test func `work that came while wake-ups were deaf is found by the regular look`() async throws {
        try await QueueFixture.with { fixture in
            let leases = Events<Lease>()
            let claimer = claimer(fixture, sweep: .milliseconds(50)) { leases.send($0) }
            claimer.start()
            try await settled(fixture)
            _ = try await fixture.client.send(RedisCommand("DEL", fixture.queue.keys(of: 0).idle))
            _ = try await fixture.queue.enqueue(fixture.job("a"))
            #expect(try await leases.next().job.id == JobID("a"))
            await claimer.stop()
        }
    }

    @Test func `after Redis restarted it works on`() async throws {
        try await QueueFixture.with { fixture in
            let leases = Events<Lease>()
            let claimer = claimer(fixture, sweep: .milliseconds(200)) { leases.send($0) }
            claimer.start()
            try await settled(fixture)
            fixture.server.kill()
            try await fixture.server.start()
            try await eventually { fixture.client.isReady }
            try await eventually {
                do throws(QueueError) { return try await fixture.queue.enqueue(fixture.job("a")) != .full(.lane) } catch
                {
                    return false
                }
            }
            #expect(try await leases.next().job.id == JobID("a"))
            await claimer.stop()
        }
    }

    @Test func `after stop nothing is claimed, and nobody is listed as waiting`() async throws {
        try await QueueFixture.with(shards: 4) { fixture in
            let leases = Events<Lease>()
            let claimer = claimer(fixture) { leases.send($0) }
            claimer.start()
            _ = try await fixture.queue.enqueue(fixture.job("a", "a"))
            _ = try await leases.next()
            await claimer.stop()
            for id in 0..<8 { _ = try await fixture.queue.enqueue(fixture.job("j\(id)", "c\(id)")) }
            claimer.lookEverywhere()
            let depths = try await fixture.queue.depths()
            #expect(depths.leased == 1 && depths.jobs == [.default: 9])
            #expect(try await fixture.snapshot().keys.allSatisfy { !$0.hasSuffix("idle") })
        }
    }
}
