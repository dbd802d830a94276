import Native
import Shared

/// Messages that came before anybody knew whose they are: each is put back into the queue as the business's own, once the
/// business is found. There it keeps the business's order, memory and pause, and a copy that came straight is the same job.
///
/// Doing it twice enqueues nothing twice.
@LoopActor struct AliasedMessages {
    let businesses: BusinessStore
    let queue: RedisQueue
    /// Takes what no business claims.
    let defaultBusiness: String?
    let log: Log

    /// How the alias's job ends. Unknown to all, it is dead, and a replay asks again.
    func passOn(_ message: InboundMessage, _ alias: BusinessAlias, _ job: LeasedJob) async -> JobOutcome {
        let found: String?
        do throws(StoreError) { found = try await businesses.id(of: alias) } catch {
            return .retry(after: nil, reason: "business: \(error)", refund: error.isOutage)
        }
        guard let tenant = found ?? defaultBusiness else { return .giveUp(reason: alias.isUnknown) }
        let owned = message.owned(by: tenant)
        do throws(QueueError) {
            guard try await put(AnswerJob.job(for: owned, traceparent: job.job.traceparent), job) else {
                return .retry(after: nil, reason: "the business's queue is full", refund: true)
            }
        } catch {
            return error.mayPass
                ? .retry(after: nil, reason: "queue: \(error)", refund: true) : .giveUp(reason: "queue: \(error)")
        }
        log.info(
            .jobFinished, "Business found, the message goes on as its own",
            [.jobID: .text(job.job.id.rawValue), .business: .text(tenant)])
        return .done()
    }

    /// False when there is no room. That an operator wants it answered, however old it is, goes with it.
    private func put(_ next: Job, _ job: LeasedJob) async throws(QueueError) -> Bool {
        if let replayed = job.checkpoint[Job.replayedStep] {
            let steps = [Job.replayedStep: replayed]
            if case .full = try await queue.replay(next, steps: steps, dedupe: next.id.rawValue) { return false }
        } else if case .full = try await queue.enqueue(next) {
            return false
        }
        return true
    }
}

extension BusinessAlias {
    /// The reason of a dead job, for an operator.
    var isUnknown: String { "unknown business: no business has \(address)" }

    private var address: String {
        switch key {
        case .name(let name): "the \(what) \(provider == .twilio ? "+" : "")\(name)"
        case .digest(let digest): "the \(what) whose SHA-256 begins with \(digest)"
        }
    }

    private var what: String {
        switch provider {
        case .baileys: "session"
        case .meta: "Meta phone number id"
        case .twilio: "Twilio number"
        case .evolution: "Evolution instance"
        case .waha: "WAHA session"
        }
    }
}
