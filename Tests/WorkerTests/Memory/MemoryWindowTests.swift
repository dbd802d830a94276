import Testing

@testable import Worker

@Suite("Memory window")
struct MemoryWindowTests {
    private func turns(_ texts: String...) -> [MemoryTurn] {
        MemoryTurn.turns(of: texts.map { ChatMessage(role: .user, text: $0) })
    }

    private func texts(_ window: MemoryWindow, _ turns: [MemoryTurn]) -> [String] {
        window.latest(of: turns).flatMap(\.messages).map(\.text)
    }

    @Test func `the latest messages are told, in their order`() {
        let all = turns("a", "b", "c")
        #expect(texts(MemoryWindow(turns: 2, tokens: 1000), all) == ["b", "c"])
        #expect(texts(MemoryWindow(turns: 3, tokens: 1000), all) == ["a", "b", "c"])
        #expect(texts(MemoryWindow(turns: 9, tokens: 1000), all) == ["a", "b", "c"])
        #expect(texts(MemoryWindow(turns: 9, tokens: 0), all) == [])
    }

    @Test func `what exceeds the tokens is left out, and so is all that stands before it`() {
        let long = String(repeating: "word", count: 100)
        let all = turns("short", long, "b", "c")
        // A hundred of the text, four beside it, five each of "b" and "c".
        #expect(texts(MemoryWindow(turns: 9, tokens: 114), all) == [long, "b", "c"])
        #expect(texts(MemoryWindow(turns: 9, tokens: 113), all) == ["b", "c"])
        #expect(texts(MemoryWindow(turns: 9, tokens: 9), all) == ["c"])
    }

    @Test func `a call of tools and its results are told together or not at all`() {
        let call = ChatMessage(
            role: .assistant, content: [],
            toolCalls: [
                ToolCall(id: "1", name: "stock", arguments: "{}"), ToolCall(id: "2", name: "stock", arguments: "{}"),
            ])
        let said = [
            ChatMessage(role: .user, text: "a"), call,
            ChatMessage(role: .tool, content: [.text("5")], toolCallID: "1"),
            ChatMessage(role: .tool, content: [.text("6")], toolCallID: "2"),
            ChatMessage(role: .assistant, text: "five"),
        ]
        let all = MemoryTurn.turns(of: said)
        #expect(all.count == 3)
        for tokens in 0...100 {
            let told = MemoryWindow(turns: 9, tokens: tokens).latest(of: all).flatMap(\.messages)
            #expect([0, 1, 4, 5].contains(told.count))
            #expect(told == Array(said.suffix(told.count)))
        }
        #expect(texts(MemoryWindow(turns: 2, tokens: 100), all) == ["", "5", "6", "five"])
    }
}
