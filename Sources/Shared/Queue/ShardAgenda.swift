/// Which shards a worker has to look at. No clock, no I/O.
struct ShardAgenda {
    /// A tenant's, in a lane.
    struct Turn: Sendable, Equatable {
        let lane: Lane
        let tenant: TenantID
    }

    private enum State: Equatable {
        /// Nothing there when last looked at; Redis knows that we wait.
        case clear
        /// There is more, for which we have no slots: look when one is free.
        case blocked
        /// There is more, and all of it of tenants that are full: look when one of them is not.
        case withheld([Turn])
        /// Look now.
        case due
    }

    private var states: [State]
    private var last = 0

    init(shards: Int) { states = Array(repeating: .due, count: shards) }

    mutating func wake(_ shard: Int) { if states.indices.contains(shard) { states[shard] = .due } }

    mutating func wakeAll() { for shard in states.indices { states[shard] = .due } }

    mutating func slotIsFree() { for shard in states.indices where states[shard] == .blocked { states[shard] = .due } }

    /// Whether a shard has nothing but groups of tenants that were full.
    var isWithholding: Bool { states.contains { if case .withheld = $0 { true } else { false } } }

    /// The next shard to look at, in turn; it counts as looked at from here on, so that a wake-up on the way is kept.
    ///
    /// - Parameter isFull: asked of those because of whom a shard was left.
    mutating func next(isFull: (Turn) -> Bool = { _ in true }) -> Int? {
        for step in 1...states.count {
            let shard = (last + step) % states.count
            let isDue =
                switch states[shard] {
                case .due: true
                case .withheld(let turns): !turns.allSatisfy(isFull)
                case .clear, .blocked: false
                }
            if isDue {
                last = shard
                states[shard] = .clear
                return shard
            }
        }
        return nil
    }

    /// - Parameters:
    ///   - hasMore: beside what `withheld` says.
    ///   - withheld: whose groups were left because the tenant is full.
    ///   - couldTake: whether the claim left slots of ours unasked: then more is taken at once.
    mutating func claimed(_ shard: Int, hasMore: Bool, withheld: [Turn] = [], couldTake: Bool) {
        guard states[shard] == .clear else { return }
        if hasMore {
            states[shard] = couldTake ? .due : .blocked
        } else if !withheld.isEmpty {
            states[shard] = .withheld(withheld)
        }
    }
}
