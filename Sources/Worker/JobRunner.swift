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

    /// Returns how it ended, once that is recorded.
    ///
    /// - Parameter leaseDeadline: until when the lease is surely held; nil when it is lost.
    func run(
        _ lease: Lease, leaseDeadline: @escaping @LoopActor () -> MonotonicInstant?
    ) async -> JobMetrics.End {
        let queue = queue
        let checkpoint = Checkpoint(lease.checkpoint, leaseDeadline: leaseDeadline) {
            steps, speech throws(QueueError) in
            try await queue.checkpoint(lease, steps, saying: speech)
        }
        let job = LeasedJob(lease, checkpoint: checkpoint)
        metrics.started(lease)
        log.debug(
            .jobStarted, "Job started",
            [
                .jobID: .text(lease.job.id.rawValue), .job: .text(lease.job.name), .attempt: .int(job.attempt),
                .crashes: .int(lease.crashes), .pid: .int(Int(ThisProgram.pid)),
            ])
        let end = await record(await outcome(of: job), of: job)
        metrics.ended(lease, end)
        return end
    }

    /// Ends a job unrun: its row in Postgres, then its place among the dead. While Postgres is down it comes back.
    /// The metrics are the caller's.
    func bury(_ lease: Lease, reason: String) async -> JobMetrics.End {
        let checkpoint = Checkpoint(lease.checkpoint, leaseDeadline: { nil }) { _, _ throws(QueueError) in nil }
        return await bury(LeasedJob(lease, checkpoint: checkpoint), reason)
    }

    /// A job that crashed or failed too often is not run again.
    private func outcome(of job: LeasedJob) async -> JobOutcome {
        guard job.attempt <= attempts, job.lease.crashes < queue.options.crashLimit else {
            return .giveUp(reason: "attempts used up, crashes: \(job.lease.crashes)")
        }
        return await handlers.run(job)
    }

    private func record(_ outcome: JobOutcome, of job: LeasedJob) async -> JobMetrics.End {
        // What a cancelled job failed of may be its cancellation. It is handed back, or somebody else's, and no attempt.
        if Task.isCancelled, !outcome.isDone { return await lost(job) }
        switch outcome {
        case .done(let memory, let followOn):
            guard
                await made(
                    { (queue, lease) throws(QueueError) in
                        try await queue.ack(lease, remember: memory, following: followOn)
                    }, job)
            else { return await lost(job) }
            log.info(.jobFinished, "Job finished", fields(job))
            // A former try may have dug its row and then lost the lease.
            if job.attempt > 1 || job.lease.crashes > 0 { await graves.fill(job.job) }
            return .done
        case .retry(_, let reason, false) where job.attempt >= attempts:
            return await bury(job, reason)
        case .retry(let wait, let reason, let refund):
            return await retry(job, after: wait, reason, refund: refund)
        case .giveUp(let reason, let following): return await bury(job, reason, behind: following)
        case .lost: return await lost(job)
        }
    }

    /// A wait that was asked for is the least there is: a provider's impatience must not use up the attempts.
    private func retry(_ job: LeasedJob, after wait: Duration?, _ reason: String, refund: Bool) async -> JobMetrics.End
    {
        let backoff = Backoff.job.delay(afterAttempt: job.attempt - 1, random: .random(in: 0..<1))
        let delay = refund ? wait ?? Self.outagePause : max(wait ?? .zero, backoff)
        guard
            await made(
                { (queue, lease) throws(QueueError) in
                    try await queue.retryLater(lease, after: delay, refund: refund)
                }, job)
        else { return await lost(job) }
        log.warning(
            .jobRetried, "Job comes back",
            [
                .jobID: .text(job.job.id.rawValue), .job: .text(job.job.name), .attempt: .int(job.attempt),
                .reason: .text(reason), .delayMS: .milliseconds(delay),
            ])
        return .retried
    }

    /// The row in Postgres first: a crash between the two leaves a row too many, which the next try overwrites. While
    /// Postgres is away the row waits in the queue as others do, and the conversation goes on.
    ///
    /// - Parameter earlier: jobs that write what belongs before the row. With any, the row waits behind them.
    private func bury(_ job: LeasedJob, _ reason: String, behind earlier: [Job] = []) async -> JobMetrics.End {
        let dead = graves.row(of: job, reason)
        var waiting = earlier
        do throws(StoreError) {
            if earlier.isEmpty {
                try await graves.dig(dead)
            } else {
                waiting += [BurialHandler.job(dead, after: job.job)]
            }
        } catch {
            guard error.isOutage, job.job.conversation != nil else {
                let fault = error.isOutage ? "Postgres is away" : "Postgres does not take its row: \(error)"
                return await retry(job, after: nil, "dead, and \(fault)", refund: true)
            }
            waiting = [BurialHandler.job(dead, after: job.job)]
        }
        guard
            await made(
                { [waiting] (queue, lease) throws(QueueError) in
                    if waiting.isEmpty {
                        try await queue.failToDead(lease, reason: reason)
                    } else {
                        try await queue.ack(lease, following: waiting)
                    }
                }, job)
        else { return await lost(job) }
        log.error(
            .jobDead, "Job is dead",
            [
                .jobID: .text(job.job.id.rawValue), .job: .text(job.job.name),
                .business: .text(job.job.tenant.rawValue), .attempts: .int(job.attempt),
                .crashes: .int(job.lease.crashes), .reason: .text(reason),
            ])
        return .dead
    }

    /// Repeats a step until Redis took it. False when the lease is gone, and then somebody else does it.
    ///
    /// After an unknown outcome a lost lease means that the step was made.
    private func made(
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

    /// A lease that the queue only refused a step of is given back: to let it run out would count as a crash. It is an
    /// attempt, so that what is refused each time ends.
    private func lost(_ job: LeasedJob) async -> JobMetrics.End {
        log.warning(.leaseLost, "Lease lost; somebody else goes on", fields(job))
        if !Task.isCancelled, job.checkpoint.holdsLease {
            // Refused when it is somebody else's by now; should it fail, the lease runs out.
            try? await queue.retryLater(job.lease, after: Self.outagePause, refund: false)
        }
        return .lost
    }

    private func fields(_ job: LeasedJob) -> KeyValuePairs<LogKey, LogValue> {
        [
            .jobID: .text(job.job.id.rawValue), .job: .text(job.job.name), .queue: .text(job.job.lane.rawValue),
            .business: .text(job.job.tenant.rawValue), .attempt: .int(job.attempt),
            .waitMS: .milliseconds(job.lease.wait), .durationMS: .milliseconds(job.duration),
        ]
    }
}
