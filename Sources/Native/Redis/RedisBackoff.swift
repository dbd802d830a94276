/// How long to wait before the next attempt to connect. Full jitter, so that a thousand clients of a server that
/// came back do not knock at the same moment.
struct RedisBackoff {
    private let base: Duration
    private let limit: Duration
    private var failures = 0

    /// - Parameter range: the longest first wait, and the longest wait of all.
    init(_ range: ClosedRange<Duration>) {
        base = range.lowerBound
        limit = range.upperBound
    }

    /// - Parameter random: 0..<1.
    mutating func next(random: Double) -> Duration {
        let ceiling = min(limit, base * (1 << min(failures, 20)))
        failures += 1
        return ceiling * random
    }

    /// A connection ended that had lasted for `duration`. One that soon broke does not count as a success.
    mutating func connectionLasted(_ duration: Duration) { if duration > limit { failures = 0 } }
}
