import Native

/// What of a conversation is kept together or not at all: one message, or a call of tools with all of its results.
struct MemoryTurn: Equatable, Sendable {
    /// Never empty. Pictures are not among them, only words in their place.
    let messages: [ChatMessage]

    /// Unicode scalars kept of one message's text.
    static let longestText = 8_000
    /// Unicode scalars kept of one tool's result.
    static let longestResult = 1_000
    /// Tokens of a call of tools with its results, past which nothing of it is kept: its arguments cannot be cut, and
    /// the answer that was made of it is kept anyway.
    static let mostTokensOfTools = 2_000

    /// nil when the messages are not one turn: nothing, a system prompt, a result without its call, a call without its
    /// result, or a call that is too large.
    init?(_ messages: [ChatMessage]) {
        guard let first = messages.first else { return nil }
        let results = messages.dropFirst()
        switch first.role {
        case .user:
            guard results.isEmpty else { return nil }
        case .assistant:
            guard results.allSatisfy({ $0.role == .tool }),
                first.toolCalls.map(\.id).sorted() == results.map({ $0.toolCallID ?? "" }).sorted(),
                !first.text.isEmpty || !first.toolCalls.isEmpty
            else { return nil }
        case .system, .tool: return nil
        }
        self.messages = messages.map(Self.kept)
        guard first.toolCalls.isEmpty || TokenEstimate.tokens(self.messages) <= Self.mostTokensOfTools else {
            return nil
        }
    }

    /// What was said, as turns. What is no turn is left out.
    static func turns(of said: [ChatMessage]) -> [MemoryTurn] {
        var turns: [MemoryTurn] = [], index = said.startIndex
        while index < said.endIndex {
            var end = index + 1
            if said[index].role == .assistant { while end < said.endIndex, said[end].role == .tool { end += 1 } }
            if let turn = MemoryTurn(Array(said[index..<end])) { turns.append(turn) }
            index = end
        }
        return turns
    }

    private static func kept(_ message: ChatMessage) -> ChatMessage {
        let words = message.content.map { part in
            switch part {
            case .text(let text): text
            case .image: "[image]"
            }
        }
        let text = words.joined(separator: "\n")
        let limit = message.role == .tool ? longestResult : longestText
        let kept = text.cut(toScalars: limit)
        let cut = kept.utf8.count < text.utf8.count ? kept + "…" : text
        return ChatMessage(
            role: message.role, content: cut.isEmpty && message.role == .assistant ? [] : [.text(cut)],
            toolCalls: message.toolCalls,
            toolCallID: message.toolCallID)
    }
}
