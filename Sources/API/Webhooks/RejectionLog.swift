import Native
import Shared

/// Logs refused webhooks of one sender, ten a second at most: each is counted in the metrics anyway. `count` tells how
/// many the line stands for.
@LoopActor final class RejectionLog {
    private let log: Log
    private let sender: ProviderName
    private var budget = LineBudget(perSecond: 10)

    init(_ log: Log, _ sender: ProviderName) {
        self.log = log
        self.sender = sender
    }

    func note(_ error: APIError) {
        guard let passedOver = budget.take(now: .now()) else { return }
        log.warning(
            .webhookRejected, "Webhook rejected",
            [
                .reason: .text(error.code), .status: .int(error.status), .provider: .text(sender.rawValue),
                .count: .int(passedOver + 1),
            ])
    }
}
