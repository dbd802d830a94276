/// A way in which a message is answered or not: each step that a worker records for it, and what its contact gets.
enum MortalExchange: String, CaseIterable, Sendable {
    /// The AI answers when the fallback text is out.
    case late
    /// It refuses then.
    case lateRefused = "late-refused"
    /// It refuses at once.
    case refused
    /// It answers in time, with more than fits into one message.
    case long

    /// The limit of the AI for its workers, in seconds: nothing but the limit makes an answer late.
    var limit: Int {
        switch self {
        case .late, .lateRefused: 1
        case .refused, .long: 60
        }
    }

    /// A step that is new has to be written here: then a worker dies at it too.
    var steps: [String] {
        switch self {
        case .late:
            [
                "send.fallback.0 sending", "send.fallback.0 sent", "follow_up", "send.follow_up.0 sending",
                "send.follow_up.0 sent", "ack",
            ]
        case .lateRefused: ["send.fallback.0 sending", "send.fallback.0 sent", "failed", "failToDead"]
        case .refused: ["failed", "send.apology.0 sending", "send.apology.0 sent", "failToDead"]
        case .long:
            [
                "reply", "send.text.0 sending", "send.text.0 sent", "send.text.1 sending", "send.text.1 sent", "ack",
            ]
        }
    }

    /// After each step; and before it where something has been done since the one before: a text has gone out, rows are
    /// written. Else that is the same death.
    var stops: [StepGate.Stop] {
        // Until it is refused it is like `late`.
        let first = self == .lateRefused ? 2 : 0
        return steps.indices.dropFirst(first).flatMap { step in
            let isSameAsBefore = !steps[step].hasSuffix(" sent") && step + 1 < steps.count
            return (isSameAsBefore ? [] : [StepGate.Stop(step: step, isRecorded: false)])
                + [StepGate.Stop(step: step, isRecorded: true)]
        }
    }

    /// Kinds of the rows of the message and of what went out for it, in order.
    var kinds: [String] {
        switch self {
        case .late: ["text", "fallback", "follow_up"]
        case .lateRefused: ["text", "fallback"]
        case .refused: ["text", "apology"]
        case .long: ["text", "text", "text"]
        }
    }

    var isDead: Bool { self == .lateRefused || self == .refused }

    static let parts = ["a", "b"].map { String(repeating: $0, count: 1500) }

    /// What the contact gets for it, each by its beginning.
    var texts: [String] {
        switch self {
        case .late: ["I'm processing your request", "Here it is"]
        case .lateRefused: ["I'm processing your request"]
        case .refused: ["Sorry"]
        case .long: Self.parts
        }
    }
}
