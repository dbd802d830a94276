import Native
import TestSupport
import Testing

@testable import Shared
@testable import Worker

@Suite("Messages that are answered together", .onLoop)
@LoopActor struct AnsweredMessageTests {
    private func message(_ id: String, media: Int = 0) throws -> InboundMessage {
        let all = (0..<media).map { InboundMedia(id: "\(id).\($0)") }
        return InboundMessage(
            tenant: "b", provider: .twilio, address: try #require(ContactAddress(rawValue: "15550001111@c.us")),
            contactName: "Dana", messageID: id, kind: media == 0 ? .text : .audio, text: media == 0 ? "שלום 👋" : nil,
            media: all.first, moreMedia: Array(all.dropFirst()), sentAt: WallTime(milliseconds: 5))
    }

    @Test func `what was merged is read again as it was, and only in one piece`() throws {
        let head = AnsweredMessage(
            message: try message("M1", media: 3), job: JobID("j1"), acceptedAtMS: 10, firstMedia: 0)
        let second = head.next(try message("M2", media: 1), job: JobID("j2"), acceptedAtMS: 20)
        let third = second.next(try message("M3"), job: JobID("j3"), acceptedAtMS: 30)
        var steps = ["reply": "Hi"]
        for (index, merged) in [second, third].enumerated() {
            steps[AnsweredMessage.step(index + 1)] = merged.recorded
        }
        #expect(AnsweredMessage.merged(in: steps, after: head) == [second, third])
        // Nothing that was heard in one is another one's.
        #expect([head, second, third].map(\.firstMedia) == [0, 3, 4])
        steps[AnsweredMessage.step(1)] = nil
        #expect(AnsweredMessage.merged(in: steps, after: head).isEmpty)
    }

    @Test func `what was heard belongs to the message it came with`() throws {
        let head = AnsweredMessage(
            message: try message("M1", media: 2), job: JobID("j1"), acceptedAtMS: 10, firstMedia: 0)
        let second = head.next(try message("M2", media: 1), job: JobID("j2"), acceptedAtMS: 20)
        let steps = ["heard.0": "one", "heard.1": "two", "heard.2": "three"]
        #expect(head.body(steps) == "one\ntwo" && second.body(steps) == "three")
    }
}
