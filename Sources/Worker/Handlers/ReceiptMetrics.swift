import Native
import Shared

/// Receipts by status and by what became of them.
@LoopActor struct ReceiptMetrics {
    private let counters: [DeliveryStatus: [ReceiptStore.Outcome: Counter]]

    init(_ metrics: Metrics) {
        counters = Dictionary(
            uniqueKeysWithValues: DeliveryStatus.allCases.map { status in
                let outcomes = ReceiptStore.Outcome.allCases.map { outcome in
                    (outcome, metrics.counter(.receipts, [.status: status.rawValue, .outcome: outcome.rawValue]))
                }
                return (status, Dictionary(uniqueKeysWithValues: outcomes))
            })
    }

    func count(_ status: DeliveryStatus, _ outcome: ReceiptStore.Outcome) {
        counters[status]?[outcome]?.increment()
    }
}
