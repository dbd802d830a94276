import Native
import TestSupport
import Testing

@testable import Worker

@Suite("Turns of the AI's messages", .onLoop)
@LoopActor struct AlternatingTurnsTests {
    private typealias Role = ChatMessage.Role

    private func merged(_ turns: (Role, String)...) -> [String] {
        ChatMessage.alternating(turns.map { ChatMessage(role: $0.0, text: $0.1) })
            .map { "\($0.role.rawValue): \($0.text)" }
    }

    @Test func `turns that alternate stay as they are`() {
        let turns = merged((.system, "Be brief"), (.user, "a"), (.assistant, "b"), (.user, "c"))
        #expect(turns == ["system: Be brief", "user: a", "assistant: b", "user: c"])
        #expect(ChatMessage.alternating([]).isEmpty)
    }

    @Test func `a message that was not answered and the next one are one turn, a line each`() {
        let turns = merged((.user, "a"), (.assistant, "b"), (.user, "c"), (.user, "d"), (.user, "e"))
        #expect(turns == ["user: a", "assistant: b", "user: c\nd\ne"])
    }

    @Test func `what a person typed after the AI is one turn with it`() {
        #expect(
            merged((.user, "a"), (.assistant, "b"), (.assistant, "c"), (.user, "d"))
                == ["user: a", "assistant: b\nc", "user: d"])
    }

    @Test func `pictures keep their place among the words`() {
        let picture = ChatMessage.Part.image(dataURL: "data:image/png;base64,AAAA")
        let turns = ChatMessage.alternating([
            ChatMessage(role: .user, text: "a"), ChatMessage(role: .user, content: [.text("b"), picture]),
            ChatMessage(role: .user, text: "c"),
        ])
        #expect(turns == [ChatMessage(role: .user, content: [.text("a"), .text("b"), picture, .text("c")])])
    }

    @Test func `calls of tools and their results are left alone`() {
        let call = ChatMessage(
            role: .assistant, content: [], toolCalls: [ToolCall(id: "1", name: "stock", arguments: "{}")])
        let results = ["1", "2"].map { ChatMessage(role: .tool, content: [.text($0)], toolCallID: $0) }
        let words = ChatMessage(role: .assistant, text: "Wait")
        let turns = [words, call] + results + [words]
        #expect(ChatMessage.alternating(turns) == turns)
    }

    @Test func `a request to the AI has them so`() {
        let request = ChatRequest(
            model: "m", messages: [ChatMessage(role: .user, text: "a"), ChatMessage(role: .user, text: "b")])
        let body = String(decoding: request.body, as: UTF8.self)
        #expect(body == #"{"model":"m","messages":[{"role":"user","content":"a\nb"}]}"#)
    }
}
