import Native
import Shared
import TestSupport
import Testing

/// What strangers name as they like, whichever sender hands it on.
@Suite("Bounds of an inbound message", .onLoop)
@LoopActor struct InboundMessageBoundsTests {
    private let long = String(repeating: "é", count: 100_000)

    private func message(quotedID: String? = nil) throws -> InboundMessage {
        InboundMessage(
            tenant: "shop", provider: .waha, address: try #require(ContactAddress(rawValue: "120363@g.us")),
            contactName: long, author: InboundAuthor(address: nil, name: long), messageID: "A", kind: .document,
            text: nil, media: InboundMedia(mimeType: long, fileName: long), moreMedia: [InboundMedia(fileName: long)],
            choiceID: long, quotedID: quotedID, sentAt: WallTime(milliseconds: 0))
    }

    @Test func `names and ids of choices are cut, so that the message's job fits the queue`() throws {
        let message = try message()
        #expect(message.contactName?.count == 255 && message.author?.name?.count == 255)
        #expect(message.media?.fileName?.count == 255 && message.moreMedia.first?.fileName?.count == 255)
        #expect(message.media?.mimeType?.count == 128 && message.choiceID?.count == 1024)
        #expect(AnswerJob.job(for: message, traceparent: nil).payload.count < Job.largestPayload)
    }

    @Test func `a quoted id that is none is left out`() throws {
        let ids = ["wamid.A", "false_1@c.us_3EB0", long, "a b", "a|b", ""]
        #expect(
            try ids.map { try message(quotedID: $0).quotedID } == ["wamid.A", "false_1@c.us_3EB0", nil, nil, nil, nil])
    }
}
