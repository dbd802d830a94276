import Native

/// Which businesses Postgres may be asked for that nobody here has heard of. Strangers may name as many as they like, so
/// this bounds what is asked for all of them together. No clock.
package struct LookUpBudget: Sendable {
    private let perSecond: Int
    private let absence: Duration
    private var second: UInt64 = 0
    private var asked = 0
    /// Until when it is known that there is no such business. No more than were asked for in that time.
    private var absent: [String: MonotonicInstant] = [:]

    /// - Parameters:
    ///   - perSecond: look-ups in any one second.
    ///   - absence: how long "there is no such business" is good.
    package init(perSecond: Int = 4, absence: Duration = .seconds(5)) {
        self.perSecond = perSecond
        self.absence = absence
    }

    /// Whether to ask for it now; counts it, if so.
    package mutating func take(_ name: String, now: MonotonicInstant) -> Bool {
        if let until = absent[name], until > now { return false }
        let present = now.nanoseconds / 1_000_000_000
        if present != second { (second, asked) = (present, 0) }
        guard asked < perSecond else { return false }
        asked += 1
        return true
    }

    /// Postgres knows of no such business, or of nothing new of it.
    package mutating func noteAbsent(_ name: String, now: MonotonicInstant) {
        absent = absent.filter { $0.value > now }
        absent[name] = now + absence
    }
}
