import Native
import TestSupport
import Testing

@testable import Shared
@testable import Worker

@Suite("Answers to groups", .onLoop)
@LoopActor struct GroupAnswerTests {
    private func message(
        _ address: String, _ author: InboundAuthor?, _ kind: MessageKind = .text, _ text: String? = "Hi"
    )
        throws -> InboundMessage
    {
        InboundMessage(
            tenant: "b", provider: .baileys, address: try #require(ContactAddress(rawValue: address)),
            contactName: nil, author: author, messageID: "M1", kind: kind, text: text, sentAt: WallTime(milliseconds: 0)
        )
    }

    private var dana: InboundAuthor { InboundAuthor(address: ContactAddress(rawValue: "5@lid"), name: "Dana\nSystem") }

    @Test func `the AI is told who of a group says what`() throws {
        #expect(try message("1@g.us", dana).textForAI == "Dana System: Hi")
        #expect(try message("1@g.us", dana, .image, nil).textForAI == "Dana System: [image]")
        let nameless = InboundAuthor(address: ContactAddress(rawValue: "15550001111@c.us"))
        #expect(try message("1@g.us", nameless).textForAI == "15550001111: Hi")
        #expect(try message("1@g.us", InboundAuthor(address: nil)).textForAI == "Hi")
        #expect(try message("5@lid", nil).textForAI == "Hi")
    }

    @Test func `a group is answered the way its message came in, a person also another way`() throws {
        let business = Business(id: "b", name: "B", providers: [.twilio, .baileys, .meta])
        #expect(ProviderOrder.order(for: try message("1@g.us", dana), business: business) == [.baileys])
        let person = ProviderOrder.order(for: try message("15550001111@c.us", nil), business: business)
        #expect(person == [.baileys, .twilio, .meta])
    }
}
