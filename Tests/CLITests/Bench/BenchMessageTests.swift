import Native
import Shared
import TestSupport
import Testing

@testable import CLI

@Suite("The benchmark's messages", .onLoop)
@LoopActor struct BenchMessageTests {
    private func job(_ words: [String], number: Int = 7) throws -> Job {
        BenchMessage.job(
            try BenchEnqueueOptions(words), run: "bench-0123456789ab", number: number,
            sentAt: MonotonicInstant(nanoseconds: 1_234_567_890))
    }

    @Test(arguments: [320, 600, 4000])
    func `a payload has the size that was asked for, and is a message`(size: Int) throws {
        let job = try job(["--payload", "\(size)"])
        let message = try JSON.read(job.payload) { InboundMessage(payload: $0) }
        #expect(job.payload.count == size)
        #expect(job.name == "noop")
        #expect(message?.contact == "972500000007")
    }

    @Test func `the time of sending is read back from the message`() throws {
        let sentAt = BenchMessage.sentAt(try job(["--payload", "600"]))
        #expect(sentAt == MonotonicInstant(nanoseconds: 1_234_567_890))
    }

    @Test func `an empty payload has no time`() throws {
        let job = try job([])
        #expect(job.payload == Array("{}".utf8))
        #expect(BenchMessage.sentAt(job) == nil)
    }

    @Test func `conversations and businesses take turns`() throws {
        let words = ["--conversations", "10", "--businesses", "4", "--lane", "broadcasts"]
        let jobs = try [3, 7, 13].map { try job(words, number: $0) }
        #expect(jobs.map(\.tenant) == [TenantID("bench-3"), TenantID("bench-3"), TenantID("bench-3")])
        #expect(jobs.map(\.conversation) == [ConversationID("c3"), ConversationID("c7"), ConversationID("c3")])
        #expect(jobs.allSatisfy { $0.lane == .broadcasts })
    }
}
