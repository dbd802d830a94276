import Native
import TestSupport
import Testing

@testable import Shared

@Suite("Queue: replay, and leases handed on", .onLoop)
@LoopActor struct QueueReplayTests {
    @Test func `a dead job comes back behind the others, once, with what it had recorded`() async throws {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            for id in ["bad", "good"] { _ = try await queue.enqueue(fixture.job(id)) }
            let lease = try await fixture.claimOne()
            try await queue.checkpoint(lease, ["send.fallback.0": "sent"])
            try await queue.failToDead(lease, reason: "test")
            for expected in [ReplayResult.accepted, .replayedBefore] {
                let result = try await queue.replay(
                    fixture.job("bad"), steps: ["send.fallback.0": "sent"], dedupe: "bad|1")
                #expect(result == expected)
            }
            #expect(try await fixture.audit().isEmpty)
            let good = try await fixture.claimOne()
            #expect(good.job.id == JobID("good") && good.checkpoint.isEmpty)
            try await queue.ack(good)
            let again = try await fixture.claimOne()
            #expect(again.job.id == JobID("bad") && again.attempts == 1 && again.crashes == 0)
            #expect(again.checkpoint == ["send.fallback.0": "sent"])
            try await queue.ack(again)
            #expect(try await fixture.leftovers().isEmpty)
        }
    }

    @Test func `a job that never left its group is not put there twice`() async throws {
        try await QueueFixture.with { fixture in
            for id in ["a", "b"] { _ = try await fixture.queue.enqueue(fixture.job(id)) }
            let before = try await fixture.snapshot()
            for id in ["a", "b"] {
                #expect(
                    try await fixture.queue.replay(fixture.job(id), steps: ["s": "1"], dedupe: "\(id)|1")
                        == .stands)
            }
            #expect(try await fixture.snapshot() == before)
        }
    }

    @Test func `a replay that finds no room changes nothing`() async throws {
        try await QueueFixture.with {
            $0.conversationLength = 1
        } _: { fixture in
            _ = try await fixture.queue.enqueue(fixture.job("a"))
            let before = try await fixture.snapshot()
            #expect(
                try await fixture.queue.replay(fixture.job("b"), steps: ["s": "1"], dedupe: "b|1") == .full(.group))
            #expect(try await fixture.snapshot() == before)
        }
    }

    @Test func `who is given a lease reads what its claim told, as long as it lasts`() async throws {
        try await QueueFixture.with { fixture in
            for id in ["a", "b"] { _ = try await fixture.queue.enqueue(fixture.job(id)) }
            let lease = try await fixture.claimOne()
            try await fixture.queue.checkpoint(lease, ["step": "1"])
            let held = try await fixture.queue.held(
                lease.group.id, token: lease.token, shard: lease.shard, lease: .seconds(60))
            #expect(held.job == lease.job && held.token == lease.token && held.group == lease.group)
            #expect(held.attempts == 1 && held.behind == 1 && held.checkpoint == ["step": "1"])
            try await fixture.queue.release(lease)
            await #expect(throws: QueueError.leaseLost) {
                try await fixture.queue.held(
                    lease.group.id, token: lease.token, shard: lease.shard, lease: .seconds(60))
            }
        }
    }
}
