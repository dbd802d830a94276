import Native
import Shared

/// Texts of broadcasts by what became of them.
@LoopActor struct BroadcastMetrics {
    private let counters: [Broadcast.RecipientStatus: Counter]

    init(_ metrics: Metrics) {
        let ends: [Broadcast.RecipientStatus] = [.sent, .failed, .optedOut]
        counters = Dictionary(
            uniqueKeysWithValues: ends.map {
                ($0, metrics.counter(.broadcastMessages, [.outcome: $0.rawValue]))
            })
    }

    func count(_ status: Broadcast.RecipientStatus) { counters[status]?.increment() }
}
