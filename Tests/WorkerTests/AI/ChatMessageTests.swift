import Native
import TestSupport
import Testing

@testable import Worker

@Suite("Chat messages", .onLoop)
@LoopActor struct ChatMessageTests {
    private nonisolated static let picture = ChatMessage.Part.image(dataURL: "data:image/png;base64,iVBORw0KGgo=")

    nonisolated static let turns: [(ChatMessage, String)] = [
        (ChatMessage(role: .system, text: "Be brief"), #"{"role":"system","content":"Be brief"}"#),
        (ChatMessage(role: .assistant, text: "Olá \"👋\"\n"), #"{"role":"assistant","content":"Olá \"👋\"\n"}"#),
        (
            ChatMessage(role: .user, content: [.text("What is it?"), picture]),
            #"{"role":"user","content":[{"type":"text","text":"What is it?"},"#
                + #"{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]}"#
        ),
        (
            ChatMessage(
                role: .assistant, content: [],
                toolCalls: [ToolCall(id: "call_1", name: "stock", arguments: #"{"sku":"A1"}"#)]),
            #"{"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","#
                + #""function":{"name":"stock","arguments":"{\"sku\":\"A1\"}"}}]}"#
        ),
        (
            ChatMessage(role: .tool, content: [.text("12")], toolCallID: "call_1"),
            #"{"role":"tool","content":"12","tool_call_id":"call_1"}"#
        ),
    ]

    @Test(arguments: turns)
    func `a turn has OpenAI's shape, and its line reads back`(turn: ChatMessage, text: String) {
        #expect(String(decoding: turn.line, as: UTF8.self) == text)
        #expect(ChatMessage(line: turn.line) == turn)
    }

    @Test(arguments: [
        "nonsense", "{}", #"{"role":"user"}"#, #"{"role":"owner","content":"x"}"#, #"{"role":"user","content":[]}"#,
    ])
    func `a line that is none reads as nothing`(line: String) {
        #expect(ChatMessage(line: Array(line.utf8)) == nil)
    }

    @Test func `the texts of a content are lines of one text`() {
        #expect(ChatMessage(role: .user, content: [.text("a"), Self.picture, .text("b")]).text == "a\nb")
    }
}
