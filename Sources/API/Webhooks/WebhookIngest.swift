import Native
import Shared

/// Puts what one webhook brought on the queue, and tells the sender what became of it.
@LoopActor struct WebhookIngest {
    let queue: RedisQueue
    let log: Log
    let counters: WebhookMessageMetrics

    /// Returns once every message and receipt is durable. If one could not be enqueued the sender must send all again;
    /// dedupe makes that safe.
    func accept(_ events: [InboundEvent], traceparent: String?) async throws(APIError) -> IngestAnswer {
        var answer = IngestAnswer(), accepted: [Work] = []
        for event in events {
            switch event {
            case .message(let inbound):
                let work = Work(message: inbound, job: AnswerJob.job(for: inbound, traceparent: traceparent))
                if work.job.payload.count > Job.largestPayload {
                    answer.reject("a message is larger than \(Job.largestPayload / 1024) KB")
                } else {
                    accepted.append(work)
                }
            case .receipt(let receipt):
                accepted.append(Work(message: nil, job: ReceiptJob.job(for: receipt, traceparent: traceparent)))
            case .ignored: answer.ignored += 1
            case .rejected(let problem): answer.reject(problem)
            }
        }
        counters.ignored.increment(by: Double(answer.ignored))
        counters.rejected.increment(by: Double(answer.rejected))
        if answer.rejected > 0, accepted.isEmpty, answer.ignored == 0 {
            throw .badRequest(answer.firstProblem ?? "no message could be read")
        }
        try await enqueue(accepted, &answer)
        return answer
    }

    private struct Work {
        /// nil: a receipt.
        let message: InboundMessage?
        let job: Job
    }

    private func enqueue(_ work: [Work], _ answer: inout IngestAnswer) async throws(APIError) {
        guard !work.isEmpty else { return }
        let start = MonotonicInstant.now()
        let results: [EnqueueResult]
        do throws(QueueError) { results = try await queue.enqueue(inOrder: work.map(\.job)) } catch {
            counters.failed.increment(by: Double(work.count))
            throw .serviceUnavailable
        }
        for (index, result) in results.enumerated() {
            record(result, work[index].message, work[index].job, took: .now() - start, &answer)
        }
        for case .full(let bound) in results { throw APIError.full(bound) }
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
