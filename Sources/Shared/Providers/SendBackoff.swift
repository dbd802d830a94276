/// When a message that a provider surely has not sent is sent again, as part of the same send: after 429, and after 5xx with
/// an error of the provider's own.
enum SendBackoff {
    /// For all tries of a send and the waits between them, so that it keeps its time limit.
    static let limit = Duration.seconds(15)
    private static let most = 3
    /// Who asks for more is not waited for: another provider may do better.
    private static let longestWait = Duration.seconds(5)
    /// A try for which less is left is not begun: it might end as one that nobody knows the outcome of.
    private static let shortestTry = Duration.seconds(2)
    private static let waits = Backoff(base: .milliseconds(500), limit: .seconds(4))

    /// How long to wait before the next try; nil: there is none.
    ///
    /// - Parameters:
    ///   - tries: made so far.
    ///   - asked: the least that the provider asks for, by `Retry-After`.
    ///   - elapsed: since the first try began.
    ///   - random: 0..<1.
    static func wait(after tries: Int, asked: Duration?, elapsed: Duration, random: Double) -> Duration? {
        guard tries < most else { return nil }
        let wait = max(asked ?? .zero, waits.delay(afterAttempt: tries - 1, random: random))
        return wait <= longestWait && elapsed + wait + shortestTry <= limit ? wait : nil
    }
}
