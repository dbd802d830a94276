import Native
import Shared

/// AI calls and whole replies.
@LoopActor struct AnswerMetrics {
    private let aiSeconds: Histogram
    private let replySeconds: Histogram
    private let answered, failed, late, errorInTimeout: Counter

    init(_ metrics: Metrics) {
        aiSeconds = metrics.histogram(.aiSeconds)
        replySeconds = metrics.histogram(.replySeconds)
        func counter(_ outcome: String) -> Counter { metrics.counter(.aiCalls, [.outcome: outcome]) }
        answered = counter("answered")
        failed = counter("failed")
        late = counter("late")
        errorInTimeout = counter("error_in_timeout")
    }

    func ended(_ answer: Result<String, AIError>, took: Duration) {
        aiSeconds.observe(took)
        if case .success = answer { answered.increment() } else { failed.increment() }
    }

    /// The fallback text goes out. How the call ends is counted beside that.
    func isLate() { late.increment() }

    /// No answer came after the fallback text. Beside how the call ended.
    func failedLate() { errorInTimeout.increment() }

    func replied(after duration: Duration) { replySeconds.observe(duration) }
}
