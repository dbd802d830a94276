import Native

/// How many lines of one kind may be logged: a client that is refused 20,000 times a second must not fill the disk.
struct LineBudget {
    /// Lines in any one second.
    let perSecond: Int
    private var second: UInt64 = 0
    private var written = 0
    private var passedOver = 0

    init(perSecond: Int) { self.perSecond = perSecond }

    /// - Returns: how many lines were passed over since the last one that was written; nil: pass this one over, too.
    mutating func take(now: MonotonicInstant) -> Int? {
        let present = now.nanoseconds / 1_000_000_000
        if present != second { (second, written) = (present, 0) }
        guard written < perSecond else {
            passedOver += 1
            return nil
        }
        written += 1
        defer { passedOver = 0 }
        return passedOver
    }
}
