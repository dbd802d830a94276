import Native
import Shared

/// Notes who wants no more broadcasts, or wants them again, and says what is to be confirmed.
///
/// Running it twice writes the same row and decides the same.
@LoopActor struct OptOuts {
    /// What came of a wish.
    struct Noted: Sendable {
        /// `.optOut` or `.optIn`; nil: that was confirmed before.
        let confirmation: MessageKind?
        /// Writes the row when Postgres is back. To be enqueued in the step that ends the message's job.
        let following: [Job]
    }

    /// Of the job's checkpoint: what was decided, so that the row that it then writes does not change it.
    static let step = "opt_out"

    private enum Decision: String { case out, again, back }

    let store: OptOutStore
    let log: Log

    /// nil: the message is an ordinary one.
    func note(_ message: InboundMessage, _ business: Business, _ job: LeasedJob) async throws(LeaseLost) -> Noted? {
        guard let wish = OptOutWish(message, business.settings),
            let decision = try await decide(wish, message, job)
        else { return nil }
        let change = OptOutChange(
            business: message.tenant, contact: message.contact, isOut: decision != .back, word: message.text,
            atMS: Int64(job.job.enqueuedAtMS))
        let following = await write(change, job)
        if Task.isCancelled { throw LeaseLost() }
        log.info(
            .optOut, decision == .back ? "Contact wants broadcasts again" : "Contact wants no more broadcasts",
            [
                .jobID: .text(job.job.id.rawValue), .business: .text(message.tenant),
                .conversation: .masked(message.contact),
            ])
        switch decision {
        case .out: return Noted(confirmation: .optOut, following: following)
        case .again: return Noted(confirmation: nil, following: following)
        case .back: return Noted(confirmation: .optIn, following: following)
        }
    }

    /// While Postgres cannot tell how things stand, the word is taken for what it says: to opt out twice, or to come back
    /// without having left, changes nothing.
    private func decide(
        _ wish: OptOutWish, _ message: InboundMessage, _ job: LeasedJob
    ) async throws(LeaseLost) -> Decision? {
        if let decided = job.checkpoint[Self.step].flatMap(Decision.init) { return decided }
        let isOut: Bool?
        do throws(StoreError) {
            isOut = try await store.contains(business: message.tenant, contact: message.contact)
        } catch { isOut = nil }
        if Task.isCancelled { throw LeaseLost() }
        let decision: Decision
        switch (wish, isOut) {
        case (.out, true?): decision = .again
        case (.out, _): decision = .out
        case (.back, false?): return nil
        case (.back, _): decision = .back
        }
        try await job.checkpoint.record(Self.step, decision.rawValue)
        return decision
    }

    private func write(_ change: OptOutChange, _ job: LeasedJob) async -> [Job] {
        do throws(StoreError) {
            try await store.record(change)
            return []
        } catch {
            log.warning(
                .rowsWaiting, "An opt-out's row is not written yet",
                [.jobID: .text(job.job.id.rawValue), .error: .text("\(error)")])
            return [OptOutHandler.job(change, after: job.job)]
        }
    }
}
