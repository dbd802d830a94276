/// Waits that grow from try to try, spread so that many who failed together do not come back together.
package struct Backoff: Sendable {
    package let base: Duration
    package let limit: Duration

    package init(base: Duration, limit: Duration) {
        self.base = base
        self.limit = limit
    }

    /// Between tries of one AI call.
    package static let ai = Backoff(base: .milliseconds(250), limit: .seconds(4))
    /// Between attempts of a job.
    package static let job = Backoff(base: .seconds(1), limit: .seconds(300))

    /// min(limit, base · 2^attempt) · uniform(0.5, 1).
    ///
    /// - Parameters:
    ///   - attempt: 0 after the first try.
    ///   - random: 0..<1.
    package func delay(afterAttempt attempt: Int, random: Double) -> Duration {
        let doubled = base * (1 << min(max(attempt, 0), 30))
        return min(doubled, limit) * (0.5 + 0.5 * random)
    }
}
