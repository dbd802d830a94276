import Native
import Shared

/// `broadcast_message`: sends a broadcast's text to one contact, unless the contact wants none.
///
/// Running it twice sends nothing twice: each part is recorded before and after it is sent, as a reply's are. Nothing goes out
/// while Postgres cannot say that it may.
@LoopActor struct BroadcastHandler: JobHandler {
    let version = BroadcastJob.version

    let broadcasts: BroadcastStore
    let businesses: BusinessCache
    let earlier: WaitingRows
    let window: ContactWindow
    let delivery: Delivery
    let memory: ConversationMemory
    let rows: RowWriter
    let jobAttempts: Int
    let metrics: BroadcastMetrics
    let log: Log

    /// For a row that waits to be written, as an opt-out is.
    private static let pause: Duration = .seconds(5)

    func run(_ job: LeasedJob) async -> JobOutcome {
        guard let part = try? JSON.read(job.job.payload, { BroadcastJob(payload: $0) }) ?? nil,
            let address = ContactAddress(rawValue: part.contact)
        else { return .giveUp(reason: "payload is no part of a broadcast") }
        do {
            // What it says may be that the contact has opted out.
            if await earlier.areThere(of: job.job) {
                return .retry(after: Self.pause, reason: "rows of the conversation wait", refund: true)
            }
            guard let business = try await businesses.business(part.business),
                let item = try await broadcasts.item(part.broadcast, of: part.business, for: part.contact)
            else { return .done() }
            switch BroadcastRule.verdict(item, business, hasBegun: job.checkpoint.hasBegunToSend) {
            case .drop: return .done()
            case .wait(let wait, let reason): return .retry(after: wait, reason: reason, refund: true)
            case .optedOut:
                try await end(.optedOut, part)
                return .done()
            case .send: return try await send(item, to: address, part, business, job)
            }
        } catch let error as StoreError {
            return .unwritten("broadcast", error)
        } catch {
            return .lost
        }
    }

    private func send(
        _ item: BroadcastStore.Item, to address: ContactAddress, _ part: BroadcastJob, _ business: Business,
        _ job: LeasedJob
    ) async throws -> JobOutcome {
        let order = item.provider.map { [$0] } ?? ProviderOrder.own(of: business)
        let needsTemplate = await window.needingTemplate(
            part.contact, business, among: order.filter { $0.hasTemplate(business.settings) })
        for (number, piece) in TextSplitter.split(item.body, for: order, business.settings).enumerated() {
            let outbound = OutboundMessage(
                business: business, addresses: [address], text: piece,
                id: OutboundID.make(job: job.job.id.rawValue, kind: .broadcast, part: number),
                needsTemplate: needsTemplate, traceparent: job.job.traceparent)
            switch try await delivery.deliver(
                outbound, kind: .broadcast, part: number, order: order, age: job.age,
                // A person who has the conversation does not stop the business's own news.
                asks: false, checkpoint: job.checkpoint)
            {
            case .delivered(let step):
                job.sent.append(SentText(kind: .broadcast, part: number, text: piece, step: step, after: job.age))
            case .retryLater(let wait, let reason, let refund) where refund || job.attempt < jobAttempts:
                return .retry(after: wait, reason: "send: \(reason)", refund: refund)
            case .retryLater(_, let reason, _): return try await fail(reason, part, job)
            case .giveUp(let code): return try await fail(code, part, job)
            case .silenced(let handover): return try await fail("taken over: \(handover.cause.rawValue)", part, job)
            }
        }
        try await end(.sent, part)
        log.info(
            .broadcastSent, "Broadcast sent",
            [
                .jobID: .text(job.job.id.rawValue), .business: .text(part.business), .broadcast: .int(part.broadcast),
                .conversation: .masked(part.contact), .provider: .text(job.sent.last?.step.provider.rawValue ?? ""),
            ])
        return await finish(part, job)
    }

    /// What was sent of it is remembered and recorded all the same.
    private func fail(_ reason: String, _ part: BroadcastJob, _ job: LeasedJob) async throws -> JobOutcome {
        try await end(.failed, error: reason, part)
        log.warning(
            .broadcast, "A contact does not get a broadcast",
            [
                .jobID: .text(job.job.id.rawValue), .business: .text(part.business), .broadcast: .int(part.broadcast),
                .conversation: .masked(part.contact), .reason: .text(reason),
            ])
        return await finish(part, job)
    }

    private func end(
        _ status: Broadcast.RecipientStatus, error: String? = nil, _ part: BroadcastJob
    ) async throws(StoreError) {
        try await broadcasts.end(
            status, error: error, at: status == .sent ? .now() : nil, for: part.contact, part.broadcast,
            of: part.business)
        metrics.count(status)
    }

    /// The AI is to know what the contact may answer to.
    private func finish(_ part: BroadcastJob, _ job: LeasedJob) async -> JobOutcome {
        if job.sent.isEmpty { return .done() }
        let written = await rows.write(
            Exchange(
                business: part.business, contact: part.contact, addresses: [part.contact], inbound: [],
                replies: job.sent.map { ExchangeRows.reply($0, job) }), job)
        let said = ChatMessage(role: .assistant, text: job.sent.map(\.text).joined(separator: "\n"))
        let recollection = await memory.recall(part.contact, of: part.business, job)
        if Task.isCancelled { return .lost }
        return .done(memory: recollection.lines(adding: [said]), followOn: written.following)
    }
}
