import Native
import Shared

/// How jobs ended in the quarantine: as they end anywhere, or by a crash, or handed back because it was stopped.
@LoopActor final class QuarantineMetrics {
    private let ends: [String: Counter]

    init(_ metrics: Metrics) {
        let words = JobMetrics.End.allCases.map(\.rawValue) + ["crashed", "left"]
        ends = Dictionary(uniqueKeysWithValues: words.map { ($0, metrics.counter(.quarantineJobs, [.outcome: $0])) })
    }

    func ended(_ end: QuarantineChild.End) {
        switch end {
        case .job(let end): ends[end.rawValue]?.increment()
        case .crashed: ends["crashed"]?.increment()
        case .left: ends["left"]?.increment()
        }
    }
}
