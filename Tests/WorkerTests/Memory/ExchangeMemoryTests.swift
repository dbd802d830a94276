import Native
import TestSupport
import Testing

@testable import Shared
@testable import Worker

@Suite("What is remembered of an exchange", .onLoop)
@LoopActor struct ExchangeMemoryTests {
    private func message(_ kind: MessageKind = .text, _ text: String? = "Do you have pens?") throws -> InboundMessage {
        InboundMessage(
            tenant: "b", provider: .baileys, address: try #require(ContactAddress(rawValue: "15550001111@c.us")),
            contactName: nil, messageID: "M1", kind: kind, text: text, media: InboundMedia(id: "1"),
            sentAt: WallTime(milliseconds: 0))
    }

    private func answered(_ message: InboundMessage) -> AnsweredMessage {
        AnsweredMessage(message: message, job: JobID("j"), acceptedAtMS: 0, firstMedia: 0)
    }

    @Test func `question, calls of tools and answer are remembered in their order`() throws {
        let call = ToolCall(id: "c1", name: "stock", arguments: #"{"item":"pens"}"#)
        let asked = ChatMessage(role: .assistant, content: [], toolCalls: [call])
        let steps = [
            ToolRecord.step(0): String(decoding: asked.line, as: UTF8.self), ToolRecord.step(0, 0): "5",
            "reply": "Five.",
        ]
        let said = ExchangeMemory.messages(of: [try answered(message())], steps: steps, reply: "Five.")
        #expect(
            said == [
                ChatMessage(role: .user, text: "Do you have pens?"), asked,
                ChatMessage(role: .tool, content: [.text("5")], toolCallID: "c1"),
                ChatMessage(role: .assistant, text: "Five."),
            ])
        #expect(MemoryTurn.turns(of: said).map(\.messages.count) == [1, 2, 1])
    }

    @Test func `of a message that was not answered only the message is`() throws {
        let heard = [InboundMessage.heardStep(0): "Are you open?"]
        #expect(
            ExchangeMemory.messages(of: [try answered(message(.audio, nil))], steps: heard, reply: nil)
                == [ChatMessage(role: .user, text: "Are you open?")])
        #expect(
            ExchangeMemory.messages(of: [try answered(message())], steps: [:], reply: nil)
                == [ChatMessage(role: .user, text: "Do you have pens?")])
    }

    @Test func `of messages that are answered together each is a question, with what was heard in it`() throws {
        let first = try answered(message(.audio, nil))
        let second = try first.next(message(.audio, nil), job: JobID("k"), acceptedAtMS: 1)
        let steps = [InboundMessage.heardStep(0): "Are you open?", InboundMessage.heardStep(1): "On Sunday?"]
        #expect(
            ExchangeMemory.messages(of: [first, second], steps: steps, reply: "No.").map(\.text)
                == ["Are you open?", "On Sunday?", "No."])
    }
}
