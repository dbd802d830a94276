import Native
import Shared

/// Sends by provider and how they ended.
@LoopActor struct SendMetrics {
    private let metrics: Metrics

    init(_ metrics: Metrics) { self.metrics = metrics }

    func observe(_ provider: ProviderName, _ outcome: SendOutcome, took: Duration) {
        let word =
            switch outcome {
            case .sent: "sent"
            case .refused: "refused"
            case .unknown: "unknown"
            }
        metrics.counter(.sends, [.provider: provider.rawValue, .outcome: word]).increment()
        metrics.histogram(.sendSeconds, [.provider: provider.rawValue]).observe(took)
    }

    func failover(from provider: ProviderName) {
        metrics.counter(.failovers, [.provider: provider.rawValue]).increment()
    }
}
