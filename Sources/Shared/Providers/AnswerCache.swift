import Native

/// What a gateway last said of a number's state, for a short time, so that a burst of replies asks once.
///
/// A name begins with the business: what one that names another's server is told, with a key of its own, says nothing of
/// the other.
struct AnswerCache<Answer> {
    private var answers: [String: (answer: Answer, until: MonotonicInstant)] = [:]
    private let lifetime: Duration
    /// Past so many all are forgotten.
    private let capacity = 10_000

    init(lifetime: Duration) { self.lifetime = lifetime }

    func find(_ name: String, now: MonotonicInstant) -> Answer? {
        guard let known = answers[name], known.until > now else { return nil }
        return known.answer
    }

    mutating func keep(_ answer: Answer, of name: String, now: MonotonicInstant) {
        if answers.count >= capacity { answers.removeAll() }
        answers[name] = (answer, now + lifetime)
    }
}
