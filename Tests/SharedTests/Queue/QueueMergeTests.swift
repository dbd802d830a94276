import Native
import TestSupport
import Testing

@testable import Shared

@Suite("Queue: several jobs worked as one", .onLoop)
@LoopActor struct QueueMergeTests {
    private func merging(_ ids: String...) -> [RedisQueue.Merging] {
        ids.map { .init(job: JobID($0), step: "merged.\($0)", value: "words of \($0)") }
    }

    private func enqueue(_ fixture: QueueFixture, _ ids: String...) async throws {
        for id in ids { _ = try await fixture.queue.enqueue(fixture.job(id)) }
    }

    @Test func `what is merged ends with the head, and what waits behind it comes next`() async throws {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            try await enqueue(fixture, "a", "b", "c", "d")
            let lease = try await fixture.claimOne()
            #expect(try await queue.waitingCount(behind: lease) == 3)
            #expect(try await queue.merge(merging("b", "c"), into: lease) == 2)
            // Sent again, as after an answer that was lost.
            #expect(try await queue.merge(merging("b", "c"), into: lease) == 2)
            #expect(try await queue.waitingCount(behind: lease) == 1)
            #expect(try await fixture.audit().isEmpty)
            try await queue.ack(lease)
            #expect(try await fixture.claimOne().job.id == JobID("d"))
            #expect(try await queue.depths().jobs == [.default: 1])
        }
    }

    @Test func `whoever takes over is told of them, and they are seen`() async throws {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            try await enqueue(fixture, "a", "b")
            let first = try await fixture.claimOne()
            _ = try await queue.merge(merging("b"), into: first)
            try await queue.release(first)
            let second = try await fixture.claimOne()
            #expect(second.checkpoint == ["merged.b": "words of b"] && second.behind == 0)
            #expect(try await queue.enqueue(fixture.job("b")) == .duplicate(of: JobID("b")))
            try await queue.ack(second)
            #expect(try await fixture.leftovers().isEmpty)
        }
    }

    @Test func `only those directly behind the head are merged, and none that was begun`() async throws {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            try await enqueue(fixture, "a", "b", "c")
            _ = try await queue.replay(fixture.job("d"), steps: ["reply": "yes"], dedupe: "d+1")
            let lease = try await fixture.claimOne()
            #expect(try await queue.merge(merging("c"), into: lease) == 0)
            #expect(try await queue.merge(merging("b", "d"), into: lease) == 1)
            #expect(try await queue.merge(merging("b", "c", "d"), into: lease) == 2)
            #expect(try await queue.waiting(behind: lease, limit: 9).map(\.id) == [JobID("d")])
            #expect(try await fixture.audit().isEmpty)
        }
    }

    @Test func `a stale token merges nothing`() async throws {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            try await enqueue(fixture, "a", "b")
            let stale = try await fixture.claimOne()
            try await queue.release(stale)
            let lease = try await fixture.claimOne()
            let before = try await fixture.snapshot()
            await #expect(throws: QueueError.leaseLost) { try await queue.merge(merging("b"), into: stale) }
            #expect(try await fixture.snapshot() == before)
            try await queue.ack(lease)
        }
    }
}
