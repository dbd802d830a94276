import Native

/// How fast a counter grew lately: over about the last `length`, as far as it was looked at. No clock.
package struct RateWindow: Sendable, Equatable {
    private struct Sample: Sendable, Equatable {
        let time: MonotonicInstant
        let total: Int
    }

    private let length: Duration
    /// Oldest first.
    private var samples: [Sample] = []

    package init(length: Duration = .seconds(10)) { self.length = length }

    /// Notes what the counter has come to. Call it at even intervals, a few in each `length`.
    package mutating func note(_ total: Int, at time: MonotonicInstant) {
        samples.append(Sample(time: time, total: total))
        // The last of those that are too old stays, or the window would be shorter than asked for.
        while samples.count > 2, time - samples[1].time >= length { samples.removeFirst() }
    }

    /// 0 before the second look.
    package var perSecond: Double {
        guard let first = samples.first, let last = samples.last, last.time > first.time else { return 0 }
        return Double(last.total - first.total) / (last.time - first.time).seconds
    }
}
