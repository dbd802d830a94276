import Native
import Shared

/// `receipt`: notes how far a message of ours has come. Running it twice changes nothing the second time.
@LoopActor struct ReceiptHandler: JobHandler {
    let version = ReceiptJob.version

    let told: ToldSends
    let receipts: ReceiptStore
    let businesses: BusinessStore
    /// Whose a message is that no business claims.
    let defaultBusiness: String?
    let metrics: ReceiptMetrics
    let log: Log

    func run(_ job: LeasedJob) async -> JobOutcome {
        guard let receipt = try? JSON.read(job.job.payload, { DeliveryReceipt(payload: $0) }) ?? nil else {
            return .giveUp(reason: "payload is not a receipt")
        }
        // Before the row, which waits for a Postgres that is down: a send may wait for it.
        do throws(RedisError) { try await told.note(receipt) } catch {
            return Task.isCancelled ? .lost : .retry(after: nil, reason: "receipt: \(error)", refund: true)
        }
        do throws(StoreError) {
            noted(receipt, try await note(receipt))
            return .done()
        } catch {
            if Task.isCancelled { return .lost }
            // Not all at once: after an outage there may be many, and replies' rows come first.
            return error.isOutage
                ? .retry(after: .milliseconds(.random(in: 2000...10_000)), reason: "Postgres is down", refund: true)
                : .giveUp(reason: "receipt: \(error)")
        }
    }

    private func note(_ receipt: DeliveryReceipt) async throws(StoreError) -> ReceiptStore.Outcome {
        let outcome = try await receipts.note(receipt, of: receipt.tenant)
        guard outcome == .unknown, let alias = BusinessAlias(tenant: receipt.tenant),
            let owner = try await businesses.id(of: alias) ?? defaultBusiness
        else { return outcome }
        return try await receipts.note(receipt, of: owner)
    }

    /// One of a business that nobody knows is dropped: a status of a message that we cannot have sent answers nobody, and
    /// dead jobs of it would hide those that matter.
    private func noted(_ receipt: DeliveryReceipt, _ outcome: ReceiptStore.Outcome) {
        metrics.count(receipt.status, outcome)
        log.debug(
            .receipt, "Receipt noted",
            [
                .business: .text(receipt.tenant), .messageID: .text(receipt.providerMessageID),
                .provider: .text(receipt.provider.rawValue), .to: .text(receipt.status.rawValue),
                .kind: .text(outcome.rawValue),
            ])
    }
}
