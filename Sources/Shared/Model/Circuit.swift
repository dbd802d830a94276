/// Whether calls to a server are worth making: closed as long as it works, open while it does not, with one probe let
/// through when the wait is over.
///
/// A plain value: who shares it between processes keeps its `text` wherever he likes. Times are durations since any moment,
/// the same one for all calls of one circuit.
package struct Circuit: Sendable, Equatable {
    /// What became of a call.
    package enum Outcome: Sendable, Equatable {
        case success
        case failure
        /// No call would do better: the circuit opens at once.
        case fatal
        /// Says nothing of the server: it was cancelled, or the server asks for time.
        case nothing
    }

    /// Whether a call may be made.
    package enum Permission: Sendable, Equatable {
        case call
        /// As the one that finds out whether the server works again. Its outcome must be noted as a probe's.
        case probe
        case refused(for: Duration)
    }

    /// What an outcome changed.
    package enum Change: Sendable, Equatable {
        case opened(for: Duration)
        case closed
    }

    /// Failures in a row that open it.
    package static let rowLimit = 5
    /// Outcomes that are remembered.
    package static let memory = 20
    /// Of those there must be so many before half of them open it.
    package static let leastOutcomes = 10
    package static let firstWait = Duration.seconds(30)
    package static let longestWait = Duration.seconds(300)
    /// After which another probe goes out: whoever was lent the first is gone.
    package static let probeLimit = Duration.seconds(120)

    /// For those that come while a probe is under way: it may end well at any moment.
    package static let probePause = Duration.seconds(2)

    /// An open one that nobody asked for so long after its wait tells nothing any more, nor do failures so old.
    package static let keptFor = Duration.seconds(600)

    /// A bit for each outcome, set for a failure; the newest is the lowest.
    var outcomes: UInt32 = 0
    /// Outcomes remembered, up to `memory`.
    var outcomeCount = 0
    package internal(set) var failuresInRow = 0
    /// How often it opened since it was closed last.
    var openings = 0
    /// nil: closed.
    var openUntil: Duration?
    /// Until when a probe is under way.
    var probeUntil: Duration?

    package init() {}

    package var isOpen: Bool { openUntil != nil }

    package func isForgotten(at now: Duration) -> Bool { openUntil.map { $0 + Self.keptFor < now } ?? false }

    /// Asks for one call.
    package mutating func ask(at now: Duration) -> Permission {
        guard let openUntil else { return .call }
        if openUntil > now { return .refused(for: openUntil - now) }
        if let probeUntil, probeUntil > now { return .refused(for: min(probeUntil - now, Self.probePause)) }
        return probe(at: now)
    }

    /// A probe before its time, because a person asks for the call.
    package mutating func probe(at now: Duration) -> Permission {
        guard isOpen else { return .call }
        probeUntil = now + Self.probeLimit
        return .probe
    }

    /// Notes how a call ended. What was begun before the circuit opened changes nothing while it is open.
    package mutating func note(_ outcome: Outcome, isProbe: Bool, at now: Duration) -> Change? {
        if isOpen {
            guard isProbe else { return nil }
            probeUntil = nil
            switch outcome {
            case .success:
                self = Circuit()
                return .closed
            case .failure, .fatal: return open(at: now)
            case .nothing: return nil
            }
        }
        switch outcome {
        case .nothing: return nil
        case .fatal: return open(at: now)
        case .success, .failure:
            let isFailure = outcome == .failure
            failuresInRow = isFailure ? failuresInRow + 1 : 0
            outcomes = (outcomes << 1 | (isFailure ? 1 : 0)) & (1 << Self.memory - 1)
            outcomeCount = min(outcomeCount + 1, Self.memory)
            let isHalf = outcomeCount >= Self.leastOutcomes && outcomes.nonzeroBitCount * 2 >= outcomeCount
            return isFailure && (failuresInRow >= Self.rowLimit || isHalf) ? open(at: now) : nil
        }
    }

    private mutating func open(at now: Duration) -> Change {
        let wait = min(Self.firstWait * (1 << min(openings, 10)), Self.longestWait)
        openings += 1
        openUntil = now + wait
        probeUntil = nil
        return .opened(for: wait)
    }
}
