import Native
import TestSupport
import Testing

@testable import Shared

@Suite("Queue: the dead, the lost and the full", .onLoop)
@LoopActor struct QueueReaperTests {
    @Test func `a live lease is not reaped`() async throws {
        try await QueueFixture.with { fixture in
            _ = try await fixture.queue.enqueue(fixture.job("a"))
            _ = try await fixture.claimOne()
            #expect(try await fixture.queue.reap() == 0)
        }
    }

    @Test func `a job that crashed two workers is for the quarantine only, and the next of its group for all`()
        async throws
    {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            for id in ["bad", "good"] { _ = try await queue.enqueue(fixture.job(id)) }
            for _ in 0..<2 {
                _ = try await fixture.claimOne(lease: .zero)
                #expect(try await queue.reap() == 1)
            }
            let claimed = try await queue.claim(QueueFixture.plan(), from: 0, for: fixture.worker)
            #expect(claimed.leases.isEmpty && claimed.suspects == 1)
            let suspect = try await queue.claimSuspects(1, from: 0, for: fixture.worker).leases
            #expect(suspect.count == 1 && suspect[0].crashes == 2)
            // Given back or delayed it stays a suspect.
            try await queue.release(suspect[0])
            #expect(try await fixture.claim().isEmpty)
            let again = try await queue.claimSuspects(1, from: 0, for: fixture.worker).leases
            try await queue.retryLater(try #require(again.first), after: .zero, refund: false)
            #expect(try await queue.promote() == 1)
            #expect(try await fixture.claim().isEmpty)
            #expect(try await fixture.audit().isEmpty)
            let last = try await queue.claimSuspects(1, from: 0, for: fixture.worker).leases
            try await queue.failToDead(try #require(last.first), reason: "crashes")
            #expect(try await fixture.claimOne().job.id == JobID("good"))
        }
    }

    @Test func `after an outage holders get time to renew, so that nobody counts as crashed`() async throws {
        try await QueueFixture.with {
            $0.graceAfterAway = .milliseconds(50)
        } _: { fixture in
            let queue = fixture.queue
            for id in ["held", "lost"] { _ = try await queue.enqueue(fixture.job(id, id)) }
            let leases = try await fixture.claim(lease: .zero)
            // The last pass was long ago.
            _ = try await fixture.client.send(RedisCommand("HSET", queue.keys(of: 0).reaper, "at", "1"))
            #expect(try await queue.reap() == 0)
            let held = leases.filter { $0.job.id == JobID("held") }
            #expect(try await queue.heartbeat(held, on: 0, lease: .seconds(60)).isEmpty)
            try await eventually { try await queue.reap() == 1 }
            let lease = try await fixture.claimOne()
            #expect(lease.job.id == JobID("lost") && lease.crashes == 1)
        }
    }

    @Test func `a reaper whose passes are slow reaps all the same`() async throws {
        try await QueueFixture.with {
            $0.awayAfter = .zero
            $0.graceAfterAway = .milliseconds(20)
        } _: { fixture in
            _ = try await fixture.queue.enqueue(fixture.job("a"))
            _ = try await fixture.queue.reap()
            _ = try await fixture.claimOne(lease: .zero)
            try await eventually { try await fixture.queue.reap() == 1 }
        }
    }

    @Test func `a Redis that is full refuses new jobs and lets the old ones end`() async throws {
        var server = RedisServer.Options()
        server.maxMemory = "4mb"
        try await QueueFixture.with(server: server, configure: { $0.conversationLength = 10_000 }) { fixture in
            let queue = fixture.queue
            var count = 0
            var big = fixture.job("big")
            big.payload = Array("\"".utf8) + [UInt8](repeating: 120, count: 20_000) + Array("\"".utf8)
            await #expect(throws: QueueError.memoryFull) {
                while true {
                    big.id = JobID("j\(count)")
                    big.conversation = ConversationID("c\(count % 5)")
                    _ = try await queue.enqueue(big)
                    count += 1
                }
            }
            #expect(count > 10)
            #expect(try await fixture.audit().isEmpty)
            let leases = try await fixture.claim(lease: .zero)
            #expect(leases.count == 5)
            try await queue.checkpoint(leases[0], ["step": "1"])
            #expect(try await queue.heartbeat(leases, on: 0, lease: .seconds(60)).isEmpty)
            try await queue.ack(leases[0], remember: [[1]])
            try await queue.retryLater(leases[1], after: .zero, refund: false)
            try await queue.release(leases[2])
            try await queue.failToDead(leases[3], reason: "test")
            #expect(try await queue.heartbeat([leases[4]], on: 0, lease: .zero).isEmpty)
            #expect(try await queue.promote() == 1)
            #expect(try await queue.reap() == 1)
            #expect(try await fixture.audit().isEmpty)
            #expect(try await fixture.claim().count == 5)
        }
    }

    @Test func `a process that starts while Redis is full gets to work`() async throws {
        try await QueueFixture.with { fixture in
            _ = try await fixture.queue.prepare()
            _ = try await fixture.client.send(RedisCommand("CONFIG", "SET", "maxmemory", "1"))
            #expect(try await fixture.queue.prepare().count == 1)
            let other = RedisQueue(client: fixture.client, sharding: Sharding(count: 7))
            await #expect { try await other.prepare() } throws: { "\($0)".contains("this process is set to 7") }
        }
    }

    @Test func `accepted jobs survive a kill of Redis`() async throws {
        var server = RedisServer.Options()
        server.appendOnly = true
        server.more = ["--appendfsync", "always"]
        try await QueueFixture.with(server: server) { fixture in
            for id in 0..<20 { _ = try await fixture.queue.enqueue(fixture.job("j\(id)", "c\(id % 4)")) }
            let lease = try await fixture.claim(1)[0]
            try await fixture.queue.checkpoint(lease, ["step": "1"])
            fixture.server.kill()
            try await eventually { !fixture.client.isReady }
            await #expect { try await fixture.queue.enqueue(fixture.job("x")) } throws: {
                if case QueueError.unavailable? = $0 as? QueueError { true } else { false }
            }
            try await fixture.server.start()
            try await fixture.client.waitUntilReady(within: .seconds(20))
            #expect(try await fixture.queue.depths().jobs == [.default: 20])
            try await fixture.queue.ack(lease)
            #expect(try await fixture.audit().isEmpty)
        }
    }

    @Test func `a Redis that evicts is refused`() async throws {
        var server = RedisServer.Options()
        server.maxMemoryPolicy = "allkeys-lru"
        try await QueueFixture.with(server: server) { fixture in
            await #expect { try await fixture.queue.prepare() } throws: { "\($0)".contains("noeviction") }
        }
    }

    @Test func `the number of shards is fixed by the first user, and no append-only file is a warning`() async throws {
        try await QueueFixture.with(shards: 4) { fixture in
            for _ in 0..<2 {
                let warnings = try await fixture.queue.prepare()
                #expect(warnings.count == 1)
            }
            let other = RedisQueue(client: fixture.client, sharding: Sharding(count: 16))
            await #expect { try await other.prepare() } throws: { "\($0)".contains("4 shards") }
        }
    }
}
