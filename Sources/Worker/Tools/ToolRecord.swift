import Native
import Shared

/// The rounds of tool calls of one job, as its checkpoint keeps them: what the AI asked for, and what came of it. A worker
/// that takes over goes on from there, and repeats only calls that have no result.
///
/// Steps: `tool.<round>` holds the AI's turn, `tool.<round>.<call>` a result; both count from 0.
@LoopActor struct ToolRecord {
    struct Round: Equatable {
        let turn: ChatMessage
        /// One for each call; nil as long as there is none.
        var results: [String?]

        var isOpen: Bool { results.contains(nil) }
    }

    private(set) var rounds: [Round] = []

    /// Calls of one turn; what an AI asks for beyond is dropped from the turn.
    nonisolated static let callLimit = 8
    /// Bytes of turns and results past which the AI gets no further round. One round may exceed it, by 200 KB at most: all of
    /// it must fit a line to the quarantine process, escapes included.
    nonisolated static let sizeLimit = 128 << 10
    /// Bytes of an AI's words beside its calls, of an id and of a name.
    private nonisolated static let textLimit = 4 << 10
    private nonisolated static let nameLimit = 256
    /// Stands for arguments that are too long to be kept. No JSON: they are refused.
    private nonisolated static let cutArguments = "…"

    nonisolated static func step(_ round: Int) -> String { "tool.\(round)" }
    nonisolated static func step(_ round: Int, _ call: Int) -> String { "tool.\(round).\(call)" }

    /// Calls with a result among a job's recorded steps.
    nonisolated static func calls(in steps: [String: String]) -> Int {
        steps.keys.count { $0.hasPrefix("tool.") && $0.split(separator: ".").count == 3 }
    }

    /// - Parameter steps: a job's.
    init(_ steps: [String: String]) {
        while let text = steps[Self.step(rounds.count)], let turn = ChatMessage(line: Array(text.utf8)) {
            let round = rounds.count
            rounds.append(Round(turn: turn, results: turn.toolCalls.indices.map { steps[Self.step(round, $0)] }))
        }
    }

    /// The calls of the last round that have no result.
    var open: [(index: Int, call: ToolCall)] {
        guard let last = rounds.last else { return [] }
        return last.turn.toolCalls.enumerated().filter { last.results[$0.offset] == nil }.map {
            ($0.offset, $0.element)
        }
    }

    var size: Int {
        rounds.reduce(0) { sum, round in
            round.results.reduce(sum + round.turn.line.count) { $0 + ($1?.utf8.count ?? 0) }
        }
    }

    var hasRoom: Bool { size < Self.sizeLimit }

    mutating func begin(_ turn: ChatMessage) {
        rounds.append(Round(turn: turn, results: turn.toolCalls.map { _ in nil }))
    }

    /// Notes a result of the last round.
    mutating func note(_ result: String, of call: Int) { rounds[rounds.count - 1].results[call] = result }

    /// What the AI is told of the rounds that are complete. Arguments that are no JSON object are told as an empty one:
    /// there are servers that parse them.
    var messages: [ChatMessage] {
        rounds.filter { !$0.isOpen }.flatMap { round in
            let calls = round.turn.toolCalls.map { call in
                ToolCall(id: call.id, name: call.name, arguments: Self.isObject(call.arguments) ? call.arguments : "{}")
            }
            let turn = ChatMessage(role: .assistant, content: round.turn.content, toolCalls: calls)
            return [turn]
                + zip(calls, round.results).map { call, result in
                    ChatMessage(role: .tool, content: [.text(result ?? "")], toolCallID: call.id)
                }
        }
    }

    /// The turn as it is kept: bounded, whatever the AI wrote.
    static func bounded(_ turn: ChatMessage) -> ChatMessage {
        let calls = turn.toolCalls.prefix(callLimit).map { call in
            let isFit = call.arguments.utf8.count <= ToolArguments.limit
            return ToolCall(
                id: String(call.id.prefix(nameLimit)), name: String(call.name.prefix(nameLimit)),
                arguments: isFit ? call.arguments : cutArguments)
        }
        let text = turn.text, isFit = text.utf8.count <= textLimit
        let content = text.isEmpty ? [] : [ChatMessage.Part.text(isFit ? text : String(text.prefix(textLimit / 4)))]
        return ChatMessage(role: .assistant, content: content, toolCalls: calls)
    }

    private static func isObject(_ text: String) -> Bool {
        (try? JSON.read(Array(text.utf8)) { $0.isObject }) == true
    }
}
