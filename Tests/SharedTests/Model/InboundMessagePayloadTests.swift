import Native
import TestSupport
import Testing

@testable import Shared

@Suite("A message as a job's payload", .onLoop)
@LoopActor struct InboundMessagePayloadTests {
    @Test func `a message with all it can have comes back as it was`() throws {
        let message = InboundMessage(
            tenant: "shop", provider: .twilio, address: try #require(ContactAddress(rawValue: "whatsapp:+15550001111")),
            otherAddresses: [try #require(ContactAddress(rawValue: "US.12"))], contactName: "דנה 👋", messageID: "SM1",
            kind: .image, text: "see\n\"this\"", media: InboundMedia(url: "https://m/0", mimeType: "image/png"),
            moreMedia: [InboundMedia(id: "1"), InboundMedia(url: "https://m/2", fileName: "a.pdf")], choiceID: "c",
            quotedID: "SM0", sentAt: WallTime(milliseconds: 1_763_650_000_123))
        var json = JSONWriter(reserving: 64)
        message.write(to: &json)
        let read = try JSON.read(json.bytes) { InboundMessage(payload: $0) }
        #expect(read == message)
    }
}
