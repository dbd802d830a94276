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
    @inline(__always)
    func accept(_ events: [InboundEvent], traceparent: String?) async throws(APIError) -> IngestAnswer {
        var answer = IngestAnswer(), part = Part(), enqueued = OrderedEnqueue(queue), firstFull: EnqueueResult.Bound?
        for index in events.indices {
            take(events[index], traceparent, into: &part, &answer)
            guard part.jobs.count == OrderedEnqueue.most || index == events.count - 1, !part.jobs.isEmpty else {
                continue
            }
            do throws(QueueError) {
                let bound = try await enqueue(part, &enqueued, &answer)
                firstFull = firstFull ?? bound
            } catch {
                counters.failed.increment(by: Double(part.jobs.count))
                throw .serviceUnavailable
            }
            part = Part()
        }
        counters.ignored.increment(by: Double(answer.ignored))
        counters.rejected.increment(by: Double(answer.rejected))
        if let firstFull { throw .full(firstFull) }
        if answer.rejected > 0, answer.accepted + answer.duplicates + answer.ignored == 0 {
            throw .badRequest(answer.firstProblem ?? "no message could be read")
        }
        return answer
    }

    /// Jobs to enqueue together, and of each what the log tells beside it. Not the messages themselves: to copy their
    /// two dozen fields about costs more than to log them.
    private struct Part {
        var jobs: [Job] = []
        /// nil: a receipt, or a message of our own.
        var messages: [(id: String, provider: ProviderName)?] = []
    }

    /// Adds the job of a message or receipt; counts what is no work.
    private func take(
        _ event: InboundEvent, _ traceparent: String?, into part: inout Part, _ answer: inout IngestAnswer
    ) {
        switch event {
        case .message(let inbound):
            let job = AnswerJob.job(for: inbound, traceparent: traceparent)
            guard job.payload.count <= Job.largestPayload else {
                answer.reject("a message is larger than \(Job.largestPayload / 1024) KB")
                return
            }
            part.jobs.append(job)
            part.messages.append((inbound.messageID, inbound.provider))
        case .ownMessage(let own):
            let job = OwnMessageJob.job(for: own, traceparent: traceparent)
            guard job.payload.count <= Job.largestPayload else {
                answer.ignored += 1
                return
            }
            part.jobs.append(job)
            part.messages.append(nil)
        case .receipt(let receipt):
            part.jobs.append(ReceiptJob.job(for: receipt, traceparent: traceparent))
            part.messages.append(nil)
        case .ignored: answer.ignored += 1
        case .rejected(let problem): answer.reject(problem)
        }
    }

    /// - Returns: why the first that found no room did not, if there is one.
    @inline(__always)
    private func enqueue(
        _ part: Part, _ enqueued: inout OrderedEnqueue, _ answer: inout IngestAnswer
    ) async throws(QueueError) -> EnqueueResult.Bound? {
        let start = MonotonicInstant.now(), results = try await enqueued.enqueue(part.jobs)
        let took = MonotonicInstant.now() - start
        var firstFull: EnqueueResult.Bound?
        for (index, result) in results.enumerated() {
            if part.jobs[index].name == OwnMessageJob.name, result.isTaken {
                answer.ignored += 1
            } else {
                record(result, part.messages[index], part.jobs[index], took, &answer)
            }
            if case .full(let bound) = result { firstFull = firstFull ?? bound }
        }
        return firstFull
    }

    private func record(
        _ result: EnqueueResult, _ message: (id: String, provider: ProviderName)?, _ job: Job, _ took: Duration,
        _ answer: inout IngestAnswer
    ) {
        switch result {
        case .accepted:
            answer.accepted += 1
            counters.accepted.increment()
            guard let message else { return }
            log.info(
                .webhookEnqueued, "Enqueued",
                [
                    .jobID: .text(job.id.rawValue), .business: .text(job.tenant.rawValue),
                    .conversation: .masked(job.conversation?.rawValue ?? ""), .messageID: .text(message.id),
                    .provider: .text(message.provider.rawValue), .durationMS: .milliseconds(took),
                ])
        case .duplicate:
            answer.duplicates += 1
            counters.duplicates.increment()
            guard let message else { return }
            log.info(
                .webhookDuplicate, "Skipped duplicate",
                [
                    .jobID: .text(job.id.rawValue), .business: .text(job.tenant.rawValue),
                    .messageID: .text(message.id), .provider: .text(message.provider.rawValue),
                    .durationMS: .milliseconds(took),
                ])
        case .full: counters.failed.increment()
        }
    }
}

extension EnqueueResult {
    fileprivate var isTaken: Bool { if case .full = self { false } else { true } }
}
