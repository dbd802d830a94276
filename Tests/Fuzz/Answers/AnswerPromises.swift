import Native
import Shared

/// What holds for everything that is read of what an AI's server says, whatever that is.
///
/// A module of its own with links to the worker's files: no module can import a program.
@LoopActor package enum AnswerPromises {
    private struct Broken: Error { let promise: String }

    private static let statuses = [200, 400, 401, 403, 404, 429, 503]
    private nonisolated static let wait: Duration = .seconds(7)

    /// The promise that the input breaks, in words; nil: none.
    ///
    /// - Parameter readsTwice: whether to read it twice, too.
    package static func violation(_ input: [UInt8], readsTwice: Bool) -> String? {
        do throws(Broken) {
            for status in statuses {
                let said = outcome(input, status)
                switch said {
                case .success(let answer):
                    try hold(status == 200, "an answer under status \(status)")
                    try check(answer, input)
                case .failure(let fault): try check(fault)
                }
                if readsTwice { try hold(outcome(input, status) == said, "the second reading differs") }
            }
            return nil
        } catch { return error.promise }
    }

    private static func hold(_ isKept: Bool, _ promise: @autoclosure () -> String) throws(Broken) {
        if !isKept { throw Broken(promise: promise()) }
    }

    private static func outcome(_ input: [UInt8], _ status: Int) -> Result<ChatAnswer, ChatFault> {
        do throws(ChatFault) {
            return .success(try ChatAnswer.read(input, status: status, retryAfter: wait))
        } catch { return .failure(error) }
    }

    /// A contact gets words, and no thoughts; tools are called by name, each under an id of its own.
    private static func check(_ answer: ChatAnswer, _ input: [UInt8]) throws(Broken) {
        switch answer {
        case .text(let text): try check(text: text, input)
        case .calls(let turn):
            try hold(turn.role == .assistant && !turn.toolCalls.isEmpty, "a turn that calls nothing")
            try hold(turn.toolCalls.allSatisfy { !$0.name.isEmpty && !$0.id.isEmpty }, "a call without name or id")
            try hold(Set(turn.toolCalls.map(\.id)).count == turn.toolCalls.count, "two calls under one id")
            if !turn.content.isEmpty { try check(text: turn.text, input) }
            // What is recorded of it before the tools are called.
            try hold(ChatMessage(line: turn.line) == turn, "the recorded turn says something else")
        }
    }

    private static func check(text: String, _ input: [UInt8]) throws(Broken) {
        try hold(text.contains { !$0.isWhitespace }, "an answer without a word")
        try hold(text.utf8.count <= input.count, "an answer of \(text.utf8.count) bytes")
        let isThought = text.drop { $0.isWhitespace }.hasPrefix("<think>")
        try hold(!isThought || refusal(input) == text, "a thought is sent")
    }

    /// What the server says in place of an answer is passed on as it is.
    private static func refusal(_ input: [UInt8]) -> String? {
        let read = try? JSON.read(input) { $0["choices"]?.items.first?["message"]?["refusal"]?.string }
        return read ?? nil
    }

    /// Logs and rows get words of programs, and nothing that somebody wrote.
    private static func check(_ fault: ChatFault) throws(Broken) {
        let detail: String
        switch fault {
        case .busy(let words, let asked), .broken(let words, let asked):
            try hold(asked == nil || asked == wait, "a wait that nobody asked for")
            detail = words
        case .account(let words), .refused(let words), .empty(let words): detail = words
        case .cancelled: throw Broken(promise: "cancelled by an answer")
        }
        let isPlain = detail.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) || " _-.[]'".utf8.contains(byte)
        }
        try hold(isPlain && (1...160).contains(detail.utf8.count), "details in words of others: \(detail)")
    }
}
