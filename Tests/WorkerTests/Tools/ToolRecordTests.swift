import Native
import Shared
import TestSupport
import Testing

@testable import Worker

@Suite("Record of tool calls", .onLoop)
@LoopActor struct ToolRecordTests {
    private func turn(_ calls: Int, arguments: String = "{}") -> ChatMessage {
        ChatMessage(
            role: .assistant, content: [],
            toolCalls: (0..<calls).map { ToolCall(id: "c\($0)", name: "t", arguments: arguments) })
    }

    private func text(_ turn: ChatMessage) -> String { String(decoding: turn.line, as: UTF8.self) }

    @Test func `what was recorded is read back, with the calls that have no result yet`() {
        let steps = [
            "tool.0": text(turn(2)), "tool.0.0": "a", "tool.0.1": "b", "tool.1": text(turn(2)), "tool.1.1": "d",
            "reply": "x",
        ]
        let record = ToolRecord(steps)
        #expect(record.rounds.map(\.results) == [["a", "b"], [nil, "d"]])
        #expect(record.open.map(\.index) == [0])
        #expect(ToolRecord.calls(in: steps) == 3)
        // A round that is not complete is not told.
        #expect(record.messages.map(\.role) == [.assistant, .tool, .tool])
        #expect(record.messages.map(\.toolCallID) == [nil, "c0", "c1"])
        #expect(record.messages.map(\.text) == ["", "a", "b"])
    }

    @Test func `arguments that are no object are told as an empty one, and stay as they are in the record`() {
        var record = ToolRecord([:])
        record.begin(turn(1, arguments: "nonsense"))
        #expect(record.open.first?.call.arguments == "nonsense")
        record.note("refused", of: 0)
        #expect(record.messages.first?.toolCalls.first?.arguments == "{}")
    }

    @Test func `whatever an AI writes, a turn is kept within bounds`() {
        let long = String(repeating: "é", count: 100_000)
        let wild = ChatMessage(
            role: .assistant, content: [.text(long)],
            toolCalls: (0..<40).map { ToolCall(id: "\($0)" + long, name: long, arguments: "{\"a\":\"\(long)\"}") })
        let kept = ToolRecord.bounded(wild)
        #expect(kept.toolCalls.count == ToolRecord.callLimit && kept.line.count < 32 << 10)
        // They are not what the AI asked for any more: no tool may be called with them.
        #expect(ToolArguments.problem(kept.toolCalls[0].arguments, for: Tool(name: "t", url: "")) != nil)
        let tame = turn(2, arguments: #"{"a":1}"#)
        #expect(ToolRecord.bounded(tame) == tame)
    }

    @Test func `rounds that hold much leave no room for another one`() {
        var record = ToolRecord([:])
        #expect(record.hasRoom)
        record.begin(turn(8))
        for call in 0..<8 { record.note(String(repeating: "x", count: ToolResult.limit), of: call) }
        #expect(!record.hasRoom)
    }
}
