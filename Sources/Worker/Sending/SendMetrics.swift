import Native
import Shared

/// Sends by provider and how they ended.
@LoopActor final class SendMetrics {
    /// Of one provider; made at its first send, for most are never used.
    private struct Instruments {
        let sent, refused, unknown: Counter
        let seconds: Histogram

        @LoopActor init(_ provider: ProviderName, _ metrics: Metrics) {
            func counter(_ word: String) -> Counter {
                metrics.counter(.sends, [.provider: provider.rawValue, .outcome: word])
            }
            sent = counter("sent")
            refused = counter("refused")
            unknown = counter("unknown")
            seconds = metrics.histogram(.sendSeconds, [.provider: provider.rawValue])
        }
    }

    private let metrics: Metrics
    private var instruments: [ProviderName: Instruments] = [:]

    init(_ metrics: Metrics) { self.metrics = metrics }

    func observe(_ provider: ProviderName, _ outcome: SendOutcome, took: Duration) {
        let instruments = instruments(of: provider)
        switch outcome {
        case .sent: instruments.sent.increment()
        case .refused: instruments.refused.increment()
        case .unknown: instruments.unknown.increment()
        }
        instruments.seconds.observe(took)
    }

    func failover(from provider: ProviderName) {
        metrics.counter(.failovers, [.provider: provider.rawValue]).increment()
    }

    private func instruments(of provider: ProviderName) -> Instruments {
        if let known = instruments[provider] { return known }
        let made = Instruments(provider, metrics)
        instruments[provider] = made
        return made
    }
}
