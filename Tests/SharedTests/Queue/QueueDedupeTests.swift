import Native
import TestSupport
import Testing

@testable import Shared

@Suite("Queue: one message, one job", .onLoop)
@LoopActor struct QueueDedupeTests {
    @Test func `a hundred copies at once become one job`() async throws {
        try await QueueFixture.with { fixture in
            let results = try await atOnce(100) { index in
                try await fixture.queue.enqueue(fixture.job("j\(index)"), dedupe: "wamid.1")
            }
            #expect(results.first == .accepted)
            #expect(results.dropFirst().allSatisfy { $0 == .duplicate(of: JobID("j0")) })
            #expect(try await fixture.queue.depths().jobs == [.default: 1])
        }
    }

    @Test func `a copy is known after its job has ended, for the lifetime of the memory of it`() async throws {
        try await QueueFixture.with {
            $0.dedupeLifetime = .milliseconds(60)
        } _: { fixture in
            _ = try await fixture.queue.enqueue(fixture.job("a"))
            try await fixture.queue.ack(fixture.claimOne())
            let repeated = try await fixture.queue.enqueue(fixture.job("a"))
            try await eventually { try await fixture.queue.enqueue(fixture.job("a")) == .accepted }
            // On a very slow machine the lifetime is over before the first question.
            #expect(repeated == .duplicate(of: JobID("a")) || repeated == .accepted)
        }
    }

    @Test func `a copy of an accepted message is a duplicate also when the queue is full`() async throws {
        try await QueueFixture.with {
            $0.conversationLength = 1
        } _: { fixture in
            _ = try await fixture.queue.enqueue(fixture.job("a"))
            #expect(try await fixture.queue.enqueue(fixture.job("b")) == .full(.group))
            #expect(try await fixture.queue.enqueue(fixture.job("a")) == .duplicate(of: JobID("a")))
            #expect(try await fixture.queue.depths().jobs == [.default: 1])
        }
    }

    @Test func `each bound is told apart, and a refused job leaves no trace`() async throws {
        try await QueueFixture.with {
            $0.laneLength = 3
            $0.tenantLength = 2
            $0.conversationLength = 1
        } _: { fixture in
            let queue = fixture.queue
            #expect(try await queue.enqueue(fixture.job("1", "a", tenant: "x")) == .accepted)
            #expect(try await queue.enqueue(fixture.job("2", "a", tenant: "x")) == .full(.group))
            #expect(try await queue.enqueue(fixture.job("3", "b", tenant: "x")) == .accepted)
            #expect(try await queue.enqueue(fixture.job("4", "c", tenant: "x")) == .full(.tenant))
            #expect(try await queue.enqueue(fixture.job("5", "a", tenant: "y")) == .accepted)
            let before = try await fixture.snapshot()
            #expect(try await queue.enqueue(fixture.job("6", "a", tenant: "z")) == .full(.lane))
            #expect(try await fixture.snapshot() == before)
            #expect(try await queue.enqueue(fixture.job("6", "a", tenant: "z", lane: .low)) == .accepted)
        }
    }

    @Test func `a job past 64 KB is refused and leaves no trace`() async throws {
        try await QueueFixture.with { fixture in
            var job = fixture.job("a")
            job.payload = [UInt8](repeating: 120, count: 65_537)
            let before = try await fixture.snapshot()
            await #expect(throws: QueueError.rejected("a job's payload has 65537 bytes, more than 65536")) {
                try await fixture.queue.enqueue(job)
            }
            #expect(try await fixture.snapshot() == before)
            job.payload.removeLast()
            #expect(try await fixture.queue.enqueue(job) == .accepted)
        }
    }

    @Test(arguments: [("a|b", "c", "j"), ("", "c", "j"), ("t", "", "j"), ("t", "#c", "j"), ("t", "c", "x|y")])
    func `ids that would break a group's name are refused`(tenant: String, conversation: String, id: String)
        async throws
    {
        try await QueueFixture.with { fixture in
            await #expect {
                try await fixture.queue.enqueue(fixture.job(id, conversation, tenant: tenant))
            } throws: { if case QueueError.rejected? = $0 as? QueueError { true } else { false } }
        }
    }
}
