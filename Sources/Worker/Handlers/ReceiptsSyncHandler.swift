import Native
import Shared

/// `receipts_sync`: asks the providers what became of messages that stayed `sent`, and notes what they say as if a webhook
/// had told it. Running it twice asks twice and changes nothing the second time: statuses only move forward.
///
/// A provider that asks to slow down, does not answer or has an open circuit is left alone until the next tick, as far as
/// that business is concerned; a business that is not active is not asked for.
@LoopActor struct ReceiptsSyncHandler: JobHandler {
    let version = ReceiptsSyncJob.version

    let messages: MessageStore
    let receipts: ReceiptStore
    let businesses: BusinessCache
    let providers: [ProviderName: any Provider]
    let circuits: SharedCircuits
    let metrics: ReceiptMetrics
    let log: Log

    private static let pageSize = 100
    /// Questions at once.
    private static let atOnce = 4
    /// Questions of one tick. The rest is asked at the next age.
    private static let mostAsked = 2000
    /// For one tick, so that it ends before the next begins.
    private static let limit: Duration = .seconds(240)

    /// What one run has come to.
    @LoopActor private final class Round {
        let deadline = MonotonicInstant.now() + ReceiptsSyncHandler.limit
        var asked = 0, told = 0
        /// Left alone for the rest of it.
        var silent: Set<CircuitName> = []
        var fault: StoreError?

        var isOver: Bool { asked >= ReceiptsSyncHandler.mostAsked || deadline <= .now() || Task.isCancelled }
    }

    func run(_ job: LeasedJob) async -> JobOutcome {
        guard let tick = TickJob.tick(of: job.job.payload) else { return .giveUp(reason: "payload names no tick") }
        let round = Round()
        do throws(StoreError) {
            for window in ReceiptsSyncJob.windows(tick: tick) { try await ask(window, round) }
        } catch {
            return .unwritten("receipts_sync", error)
        }
        if Task.isCancelled { return .lost }
        if round.asked > 0 {
            log.info(
                .receiptsSync, "Providers were asked for messages without receipts",
                [.count: .int(round.asked), .told: .int(round.told)])
        }
        return .done()
    }

    private func ask(_ window: Range<WallTime>, _ round: Round) async throws(StoreError) {
        var last: UnreceiptedMessage.Place?
        repeat {
            if round.isOver { return }
            let page = try await messages.unreceipted(sentIn: window, after: last, limit: Self.pageSize)
            for start in stride(from: 0, to: page.messages.count, by: Self.atOnce) {
                if round.isOver { return }
                try await ask(page.messages.dropFirst(start).prefix(Self.atOnce), round)
            }
            last = page.next
        } while last != nil
    }

    private func ask(_ batch: ArraySlice<UnreceiptedMessage>, _ round: Round) async throws(StoreError) {
        let tasks = batch.map { message in LoopActor.loop.spawn { await self.ask(message, round) } }
        for task in tasks { await task.value }
        if let fault = round.fault { throw fault }
    }

    private func ask(_ message: UnreceiptedMessage, _ round: Round) async {
        let name = CircuitName(business: message.business, provider: message.provider)
        guard let provider = providers[message.provider], !round.silent.contains(name), !circuits.isOpen(name) else {
            return
        }
        do throws(StoreError) {
            guard let business = try await businesses.business(message.business), business.status == .active else {
                return
            }
            round.asked += 1
            let sent = SentMessage(
                business: business, addresses: message.addresses, providerID: message.providerMessageID)
            switch await provider.state(of: sent) {
            // The row says so.
            case .told(.sent, _, _), .pending, .untold: break
            case .told(let status, let error, let at): try await note(status, error, at, message, round)
            case .rateLimited, .unreachable: round.silent.insert(name)
            }
        } catch {
            round.fault = error
        }
    }

    private func note(
        _ status: DeliveryStatus, _ error: String?, _ at: WallTime?, _ message: UnreceiptedMessage, _ round: Round
    ) async throws(StoreError) {
        let receipt = DeliveryReceipt(
            tenant: message.business, provider: message.provider, providerMessageID: message.providerMessageID,
            status: status, at: at ?? .now(), error: error)
        let outcome = try await receipts.note(receipt, of: message.business)
        round.told += 1
        metrics.count(status, outcome)
        log.debug(
            .receipt, "Receipt asked for and noted",
            [
                .business: .text(message.business), .messageID: .text(message.providerMessageID),
                .provider: .text(message.provider.rawValue), .to: .text(status.rawValue),
                .kind: .text(outcome.rawValue),
            ])
    }
}
