/// What is remembered of a conversation when one of its messages is taken up, and what is to be written when that is
/// done.
struct Recollection: Equatable, Sendable {
    /// Oldest first.
    private(set) var turns: [MemoryTurn]
    /// Whether all is there that was ever kept, as far as the lines tell.
    private(set) var isWhole: Bool
    /// What goes before that which is remembered next.
    private var mark: [MemoryLine] = []

    /// Nothing, and nothing to be asked for.
    static let nothing = Recollection([], isWhole: true)

    private init(_ turns: [MemoryTurn], isWhole: Bool) {
        self.turns = turns
        self.isWhole = isWhole
    }

    /// - Parameter lines: of Redis, oldest first. None at all may be a new conversation, or a Redis that lost it.
    init(_ lines: [MemoryLine]) {
        let present = lines.lastIndex(of: .start).map { lines[($0 + 1)...] } ?? lines[...]
        turns = present.compactMap { if case .turn(let turn) = $0 { turn } else { nil } }
        isWhole = !present.isEmpty && !present.contains(.gap)
        if lines.isEmpty { mark = [.gap] }
    }

    /// Takes what Postgres knows, unless Redis knows more: rows may still wait to be written there.
    mutating func complete(from history: [MemoryTurn]) {
        guard history.count >= turns.count else { return }
        // Of a new conversation nothing is written beside what is said.
        mark = turns.isEmpty && mark == [.gap] ? [] : [.start]
        mark += history.map(MemoryLine.turn)
        turns = history
        isWhole = true
    }

    /// What is to be put at the memory's end.
    func lines(adding said: [ChatMessage]) -> [[UInt8]] {
        (mark + MemoryTurn.turns(of: said).map(MemoryLine.turn)).map(\.bytes)
    }
}
