import Native
import Shared

/// AI calls and whole replies.
@LoopActor struct AnswerMetrics {
    private let aiSeconds: Histogram
    private let replySeconds: Histogram
    private let answered, failed, late: Counter

    init(_ metrics: Metrics) {
        aiSeconds = metrics.histogram(.aiSeconds)
        replySeconds = metrics.histogram(.replySeconds)
        func counter(_ outcome: String) -> Counter { metrics.counter(.aiCalls, [.outcome: outcome]) }
        answered = counter("answered")
        failed = counter("failed")
        late = counter("late")
    }

    func ended(_ answer: Result<String, AIError>, took: Duration) {
        aiSeconds.observe(took)
        if case .success = answer { answered.increment() } else { failed.increment() }
    }

    func isLate() { late.increment() }

    func replied(after duration: Duration) { replySeconds.observe(duration) }
}
