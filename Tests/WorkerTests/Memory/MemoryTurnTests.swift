import Native
import TestSupport
import Testing

@testable import Worker

@Suite("What memory keeps", .onLoop)
@LoopActor struct MemoryTurnTests {
    private let user = ChatMessage(role: .user, text: "Hi")
    private let answer = ChatMessage(role: .assistant, text: "Hello")
    private let system = ChatMessage(role: .system, text: "Be brief")

    private func call(_ ids: String..., arguments: String = #"{"a":1}"#) -> ChatMessage {
        ChatMessage(
            role: .assistant, content: [], toolCalls: ids.map { ToolCall(id: $0, name: "t", arguments: arguments) })
    }

    private func result(_ id: String, _ text: String = "done") -> ChatMessage {
        ChatMessage(role: .tool, content: [.text(text)], toolCallID: id)
    }

    @Test func `a result is never kept without its call, nor a call without its results`() {
        let said = [
            result("0"), user, call("1", "2"), result("2"), result("1"), call("3"), answer, call("4"), result("4"),
            result("5"), answer,
        ]
        #expect(
            MemoryTurn.turns(of: said).map(\.messages)
                == [[user], [call("1", "2"), result("2"), result("1")], [answer], [answer]])
        #expect(MemoryTurn.turns(of: [system, user]).map(\.messages) == [[user]])
        #expect(MemoryTurn([]) == nil)
        #expect(MemoryTurn([user, answer]) == nil)
        #expect(MemoryTurn([ChatMessage(role: .assistant, content: [])]) == nil)
    }

    @Test func `what is kept of a tool is bounded`() throws {
        let long = String(repeating: "é", count: 5_000)
        let turn = try #require(MemoryTurn([call("1"), result("1", long)]))
        #expect(turn.messages[1].text == String(repeating: "é", count: MemoryTurn.longestResult) + "…")
        #expect(MemoryTurn([call("1", arguments: long), result("1")]) == nil)
        let text = try #require(MemoryTurn([ChatMessage(role: .user, text: String(repeating: "x", count: 60_000))]))
        #expect(text.messages[0].text.count == MemoryTurn.longestText + 1)
    }

    @Test func `a picture is kept as a word`() throws {
        let picture = ChatMessage(role: .user, content: [.text("My cat"), .image(dataURL: "data:image/png;base64,AA")])
        #expect(try #require(MemoryTurn([picture])).messages == [ChatMessage(role: .user, text: "My cat\n[image]")])
    }

    @Test func `a line reads back`() throws {
        let said = [user, call("1"), result("1", "Olá \"👋\"\n"), call("2"), result("2", ""), answer]
        let turns = MemoryTurn.turns(of: said)
        #expect(turns.count == 4 && turns.flatMap(\.messages) == said)
        for line in turns.map(MemoryLine.turn) + [.gap, .start] { #expect(MemoryLine(line.bytes) == line) }
        // As workers before this one wrote it.
        #expect(MemoryLine(Array(#"{"role":"user","content":"Hi"}"#.utf8)) == MemoryTurn([user]).map(MemoryLine.turn))
        for text in ["", "nonsense", "[]", "{}", #"[{"role":"tool","content":"x","tool_call_id":"1"}]"#, "[1]"] {
            #expect(MemoryLine(Array(text.utf8)) == nil)
        }
    }
}
