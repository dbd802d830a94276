import Native
import Shared

/// Puts what one webhook brought on the queue, and tells the sender what became of it.
@LoopActor struct WebhookIngest {
    let queue: RedisQueue
    let log: Log
    let counters: WebhookMessageMetrics

    /// Returns once every message and receipt is durable. If one could not be enqueued the sender must send all again;
    /// dedupe makes that safe.
    ///
    /// Many are taken part by part, each whole before the next: other requests get their turns in between, and a repeat
    /// gets further than its forerunner.
    func accept(_ events: [InboundEvent], traceparent: String?) async throws(APIError) -> IngestAnswer {
        var answer = IngestAnswer(), part: [Work] = [], enqueued = OrderedEnqueue(queue),
            firstFull: EnqueueResult.Bound?
        for (index, event) in events.enumerated() {
            if let work = work(of: event, traceparent, &answer) { part.append(work) }
            guard part.count == OrderedEnqueue.most || index == events.count - 1, !part.isEmpty else { continue }
            do throws(QueueError) {
                let bound = try await enqueue(part, &enqueued, &answer)
                firstFull = firstFull ?? bound
            } catch {
                counters.failed.increment(by: Double(part.count))
                throw .serviceUnavailable
            }
            part.removeAll(keepingCapacity: true)
        }
        counters.ignored.increment(by: Double(answer.ignored))
        counters.rejected.increment(by: Double(answer.rejected))
        if let firstFull { throw .full(firstFull) }
        if answer.rejected > 0, answer.accepted + answer.duplicates + answer.ignored == 0 {
            throw .badRequest(answer.firstProblem ?? "no message could be read")
        }
        return answer
    }

    private struct Work {
        /// nil: a receipt.
        let message: InboundMessage?
        let job: Job
    }

    /// The job of a message or receipt; nil for what is only counted.
    private func work(of event: InboundEvent, _ traceparent: String?, _ answer: inout IngestAnswer) -> Work? {
        switch event {
        case .message(let inbound):
            let work = Work(message: inbound, job: AnswerJob.job(for: inbound, traceparent: traceparent))
            if work.job.payload.count <= Job.largestPayload { return work }
            answer.reject("a message is larger than \(Job.largestPayload / 1024) KB")
        case .receipt(let receipt):
            return Work(message: nil, job: ReceiptJob.job(for: receipt, traceparent: traceparent))
        case .ignored: answer.ignored += 1
        case .rejected(let problem): answer.reject(problem)
        }
        return nil
    }

    /// - Returns: why the first that found no room did not, if there is one.
    private func enqueue(
        _ part: [Work], _ enqueued: inout OrderedEnqueue, _ answer: inout IngestAnswer
    ) async throws(QueueError) -> EnqueueResult.Bound? {
        let start = MonotonicInstant.now(), results = try await enqueued.enqueue(part.map(\.job))
        var firstFull: EnqueueResult.Bound?
        for (work, result) in zip(part, results) {
            record(result, work.message, work.job, took: .now() - start, &answer)
            if case .full(let bound) = result { firstFull = firstFull ?? bound }
        }
        return firstFull
    }

    private func record(
        _ result: EnqueueResult, _ message: InboundMessage?, _ job: Job, took: Duration, _ answer: inout IngestAnswer
    ) {
        switch result {
        case .accepted:
            answer.accepted += 1
            counters.accepted.increment()
            guard let message else { return }
            log.info(
                .webhookEnqueued, "Enqueued",
                [
                    .jobID: .text(job.id.rawValue), .business: .text(message.tenant),
                    .conversation: .masked(message.contact), .messageID: .text(message.messageID),
                    .provider: .text(message.provider.rawValue), .durationMS: .milliseconds(took),
                ])
        case .duplicate:
            answer.duplicates += 1
            counters.duplicates.increment()
            guard let message else { return }
            log.info(
                .webhookDuplicate, "Skipped duplicate",
                [
                    .jobID: .text(job.id.rawValue), .business: .text(message.tenant),
                    .messageID: .text(message.messageID), .provider: .text(message.provider.rawValue),
                    .durationMS: .milliseconds(took),
                ])
        case .full: counters.failed.increment()
        }
    }
}
