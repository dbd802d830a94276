/// Which shards a worker has to look at. No clock, no I/O.
struct ShardAgenda {
    private enum State {
        /// Nothing there when last looked at; Redis knows that we wait.
        case clear
        /// There is more, for which we have no slots: look when one is free.
        case blocked
        /// Look now.
        case due
    }

    private var states: [State]
    private var last = 0

    init(shards: Int) { states = Array(repeating: .due, count: shards) }

    mutating func wake(_ shard: Int) { if states.indices.contains(shard) { states[shard] = .due } }

    mutating func wakeAll() { for shard in states.indices { states[shard] = .due } }

    mutating func slotIsFree() { for shard in states.indices where states[shard] == .blocked { states[shard] = .due } }

    /// The next shard to look at, in turn; it counts as looked at from here on, so that a wake-up on the way is kept.
    mutating func next() -> Int? {
        for step in 1...states.count {
            let shard = (last + step) % states.count
            if states[shard] == .due {
                last = shard
                states[shard] = .clear
                return shard
            }
        }
        return nil
    }

    /// - Parameter couldTake: whether the claim left slots of ours unasked: then more is taken at once.
    mutating func claimed(_ shard: Int, hasMore: Bool, couldTake: Bool) {
        if hasMore, states[shard] == .clear { states[shard] = couldTake ? .due : .blocked }
    }
}
