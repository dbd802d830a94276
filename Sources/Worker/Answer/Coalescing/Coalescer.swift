import Native
import Shared

/// Waits until a contact has said what it wants to say, and makes its further messages part of the job of the first one.
///
/// Nothing of it is in this process's memory alone: a message either waits in the queue, or is recorded with the job.
@LoopActor final class Coalescer {
    /// Which messages may join, beside the rule's own limits.
    typealias Joins = @LoopActor (InboundMessage) -> Bool

    private let queue: RedisQueue
    private let lease: LeasedJob
    private let head: AnsweredMessage
    private let rule: MergeRule
    private let joins: Joins
    private let log: Log
    /// Jobs that stood behind the head when they were last looked at, and did not join.
    private var left = 0
    private var isClosed = false

    /// Between two looks for a newer message while the AI thinks.
    private static let look: Duration = .milliseconds(250)

    init(
        queue: RedisQueue, lease: LeasedJob, head: AnsweredMessage, rule: MergeRule, log: Log, joins: @escaping Joins
    ) {
        self.queue = queue
        self.lease = lease
        self.head = head
        self.rule = rule
        self.joins = joins
        self.log = log
    }

    /// How long the AI may think before somebody should look for a newer message; nil: nothing joins any more.
    var nextLook: Duration? {
        let left = rule.window - lease.duration
        return isClosed || left <= .zero ? nil : min(Self.look, left)
    }

    /// Nothing joins any more.
    func close() { isClosed = true }

    /// Waits for the contact's pause; then the messages that came meanwhile are the job's.
    ///
    /// A Redis that cannot be asked holds up nobody: the messages stay where they are.
    func collect() async throws(LeaseLost) {
        var joining: [AnsweredMessage] = []
        repeat {
            guard let waiting = try await waiting() else { return }
            joining = self.joining(waiting)
            left = waiting.count - joining.count
            // Behind one that does not join nothing else may.
            if left > 0 { close() }
            let hasRoom = left == 0 && 1 + lease.merged.count + joining.count < MergeRule.most
            let wait = rule.wait(
                sinceLast: lease.age - sinceHead(joining.last ?? lease.merged.last), elapsed: lease.duration,
                hasRoom: hasRoom)
            guard let wait else { break }
            do { try await LoopActor.loop.sleep(for: wait) } catch { throw LeaseLost() }
        } while true
        try await merge(joining)
    }

    /// Whether a message has come that was not there before. Whether it joins, `collect` finds.
    func hasNewcomer() async -> Bool {
        let count = try? await queue.waitingCount(behind: lease.lease)
        return (count ?? 0) > left
    }

    /// From the acceptance of the job's own message to that of another.
    private func sinceHead(_ message: AnsweredMessage?) -> Duration {
        guard let message else { return .zero }
        return .milliseconds(max(0, message.acceptedAtMS - head.acceptedAtMS))
    }

    /// nil: the queue cannot be asked.
    private func waiting() async throws(LeaseLost) -> [Job]? {
        do throws(QueueError) {
            let jobs = try await queue.waiting(behind: lease.lease, limit: MergeRule.most)
            if Task.isCancelled { throw QueueError.leaseLost }
            return jobs
        } catch {
            guard error.mayPass, !Task.isCancelled else { throw LeaseLost() }
            return nil
        }
    }

    /// Of those that wait, the first ones that may join.
    private func joining(_ waiting: [Job]) -> [AnsweredMessage] {
        var joining: [AnsweredMessage] = []
        var last = lease.merged.last ?? head
        var bytes = lease.merged.reduce(0) { $0 + $1.recorded.utf8.count }
        for job in waiting {
            guard 1 + lease.merged.count + joining.count < MergeRule.most, job.name == AnswerJob.name,
                job.version == AnswerJob.version,
                let message = try? JSON.read(job.payload, { InboundMessage(payload: $0) }) ?? nil, joins(message)
            else { break }
            let next = last.next(message, job: job.id, acceptedAtMS: job.enqueuedAtMS)
            bytes += next.recorded.utf8.count
            guard bytes <= MergeRule.mostBytes else { break }
            joining.append(next)
            last = next
        }
        return joining
    }

    /// Returns once it is known which of them are the job's: one that is, and is not answered with it, would be lost.
    private func merge(_ joining: [AnsweredMessage]) async throws(LeaseLost) {
        if joining.isEmpty { return }
        let first = lease.merged.count + 1
        let merging = joining.enumerated().map { index, message in
            RedisQueue.Merging(
                job: message.job, step: AnsweredMessage.step(first + index), value: message.recorded)
        }
        let queue = queue, head = lease.lease
        let count = try await QueueError.repeated { () throws(QueueError) in
            try await queue.merge(merging, into: head)
        }
        for merged in merging.prefix(count) { lease.checkpoint.note(merged.step, merged.value) }
        lease.merged += joining.prefix(count)
        if count < joining.count { close() }
        if count > 0 { report() }
    }

    private func report() {
        log.info(
            .messagesMerged, "Messages are answered together",
            [
                .jobID: .text(lease.job.id.rawValue), .business: .text(head.message.tenant),
                .conversation: .masked(head.message.contact), .count: .int(1 + lease.merged.count),
            ])
    }
}
