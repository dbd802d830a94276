import Native
import Shared

/// Runs one leased job to its end and records how it ended.
@LoopActor struct JobRunner {
    let queue: RedisQueue
    let handlers: HandlerTable
    let graves: Graves
    let metrics: JobMetrics
    let log: Log
    /// Attempts before a job is dead.
    let attempts: Int

    /// Between tries of recording an end while Redis is down; the lease ends sooner or later.
    private static let pause: Duration = .milliseconds(200)
    /// For a job whose fault lies outside it.
    private static let outagePause: Duration = .seconds(2)

    /// - Parameter leaseDeadline: until when the lease is surely held; nil when it is lost.
    func run(_ lease: Lease, leaseDeadline: @escaping @LoopActor () -> MonotonicInstant?) async {
        let queue = queue
        let checkpoint = Checkpoint(lease.checkpoint, leaseDeadline: leaseDeadline) { steps throws(QueueError) in
            try await queue.checkpoint(lease, steps)
        }
        let job = LeasedJob(lease, checkpoint: checkpoint)
        metrics.started(job)
        log.debug(.jobStarted, "Job started", fields(job))
        await end(job, await outcome(of: job))
    }

    /// A job that crashed or failed too often is not run again.
    private func outcome(of job: LeasedJob) async -> JobOutcome {
        guard job.attempt <= attempts, job.lease.crashes < queue.options.crashLimit else {
            return .giveUp(reason: "attempts used up, crashes: \(job.lease.crashes)")
        }
        return await handlers.run(job)
    }

    private func end(_ job: LeasedJob, _ outcome: JobOutcome) async {
        switch outcome {
        case .done(let memory, let followOn):
            guard
                await record(
                    { (queue, lease) throws(QueueError) in
                        try await queue.ack(lease, remember: memory, following: followOn)
                    }, job)
            else { return lost(job) }
            metrics.ended(job, .done)
            log.info(.jobFinished, "Job finished", fields(job))
        case .retry(_, let reason, false) where job.attempt >= attempts:
            await bury(job, reason)
        case .retry(let wait, let reason, let refund):
            await retry(job, after: wait, reason, refund: refund)
        case .giveUp(let reason):
            await bury(job, reason)
        case .lost:
            lost(job)
        }
    }

    /// A wait that was asked for is the least there is: a provider's impatience must not use up the attempts.
    private func retry(_ job: LeasedJob, after wait: Duration?, _ reason: String, refund: Bool) async {
        let backoff = Backoff.job.delay(afterAttempt: job.attempt - 1, random: .random(in: 0..<1))
        let delay = refund ? wait ?? Self.outagePause : max(wait ?? .zero, backoff)
        guard
            await record(
                { (queue, lease) throws(QueueError) in
                    try await queue.retryLater(lease, after: delay, refund: refund)
                }, job)
        else { return lost(job) }
        metrics.ended(job, .retried)
        log.warning(
            .jobRetried, "Job comes back",
            [
                .jobID: .text(job.job.id.rawValue), .job: .text(job.job.name), .attempt: .int(job.attempt),
                .reason: .text(reason), .delayMS: .milliseconds(delay),
            ])
    }

    /// The row in Postgres first: a crash between the two leaves a row too many, which the next try overwrites.
    private func bury(_ job: LeasedJob, _ reason: String) async {
        guard await graves.dig(job, reason) else {
            return await retry(job, after: nil, "dead, and Postgres is down", refund: true)
        }
        guard
            await record(
                { (queue, lease) throws(QueueError) in
                    try await queue.failToDead(lease, reason: reason)
                }, job)
        else { return lost(job) }
        metrics.ended(job, .dead)
        log.error(
            .jobDead, "Job is dead",
            [
                .jobID: .text(job.job.id.rawValue), .job: .text(job.job.name),
                .business: .text(job.job.tenant.rawValue), .attempts: .int(job.attempt),
                .crashes: .int(job.lease.crashes), .reason: .text(reason),
            ])
    }

    /// Repeats a step until Redis took it. False when the lease is gone, and then somebody else does it.
    ///
    /// After an unknown outcome a lost lease means that the step was made.
    private func record(
        _ step: @LoopActor (RedisQueue, Lease) async throws(QueueError) -> Void, _ job: LeasedJob
    ) async -> Bool {
        var mayBeMade = false
        while true {
            do throws(QueueError) {
                try await step(queue, job.lease)
                return true
            } catch {
                switch error {
                case .unknownOutcome: mayBeMade = true
                case .leaseLost: return mayBeMade
                case .unavailable, .memoryFull: break
                case .rejected(let reason):
                    log.error(.internalError, "The queue refused a step", [.reason: .text(reason)])
                    return false
                }
            }
            guard !Task.isCancelled else { return mayBeMade }
            // Ends early only when the lease is lost, and then the loop does.
            try? await LoopActor.loop.sleep(for: Self.pause)
        }
    }

    private func lost(_ job: LeasedJob) {
        metrics.ended(job, .lost)
        log.warning(.leaseLost, "Lease lost; somebody else goes on", fields(job))
    }

    private func fields(_ job: LeasedJob) -> KeyValuePairs<LogKey, LogValue> {
        [
            .jobID: .text(job.job.id.rawValue), .job: .text(job.job.name), .queue: .text(job.job.lane.rawValue),
            .business: .text(job.job.tenant.rawValue), .attempt: .int(job.attempt),
            .waitMS: .milliseconds(job.lease.wait), .durationMS: .milliseconds(job.duration),
        ]
    }
}
