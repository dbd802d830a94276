/// Times taken, and what share of them was how short.
struct Latencies {
    private var times: [Duration] = []

    var count: Int { times.count }

    mutating func add(_ time: Duration) { times.append(time) }

    /// The least time that this share of them did not exceed. nil when there is none.
    ///
    /// - Parameter share: above 0, at most 1.
    func quantile(_ share: Double) -> Duration? {
        let rank = Int((Double(times.count) * share).rounded(.up))
        return times.isEmpty ? nil : times.sorted()[max(0, min(rank, times.count) - 1)]
    }
}
