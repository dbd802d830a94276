import Native

/// A number that only grows.
@LoopActor package final class Counter {
    package private(set) var value = 0.0
    package func increment(by amount: Double = 1) { value += amount }
}

/// Observations counted by upper bounds.
@LoopActor package final class Histogram {
    /// Ascending, in the metric's unit; one more for everything above is implied.
    package nonisolated let bounds: [Double]
    private(set) var counts: [Int]
    private(set) var sum = 0.0
    package private(set) var count = 0

    init(bounds: [Double]) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count)
    }

    package func observe(_ value: Double) {
        sum += value
        count += 1
        var place = 0
        while place < bounds.count, value > bounds[place] { place += 1 }
        if place < bounds.count { counts[place] += 1 }
    }

    package func observe(_ duration: Duration) { observe(duration.seconds) }
}
