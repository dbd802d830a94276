import Shared

/// How much of a conversation the AI is told.
struct MemoryWindow: Equatable, Sendable {
    /// A call of tools with its results counts as one. 1 or more.
    let turns: Int
    /// By `TokenEstimate`, of all turns together.
    let tokens: Int

    init(turns: Int, tokens: Int) {
        self.turns = turns
        self.tokens = tokens
    }

    init(_ settings: AISettings) { self.init(turns: settings.historyMessages, tokens: settings.historyTokens) }

    /// The latest turns that fit, whole and without a hole between them, oldest first.
    func latest(of all: [MemoryTurn]) -> ArraySlice<MemoryTurn> {
        var start = all.endIndex, left = tokens
        while start > all.startIndex, all.endIndex - start < turns {
            left -= TokenEstimate.tokens(all[start - 1].messages)
            if left < 0 { break }
            start -= 1
        }
        return all[start...]
    }
}
