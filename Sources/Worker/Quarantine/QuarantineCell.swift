import Native
import Shared

/// One quarantine process, kept while there are suspects, and what becomes of the jobs it runs.
@LoopActor final class QuarantineCell {
    /// The step by which a job that crashed its process is known, should its worker not get to bury it.
    static let crashedStep = "crashed"

    private let queue: RedisQueue
    private let runner: JobRunner
    private let keeper: LeaseKeeper
    private let settings: Quarantine.Settings
    private let command: ChildCommand
    private let metrics: QuarantineMetrics
    private let log: Log
    private let onTaken: @LoopActor () -> Void
    private var child: QuarantineChild?
    private var working: Task<Void, Never>?
    private var idleSince = MonotonicInstant.now()
    private var isStopped = false
    private var handedBack = 0

    /// Between tries while Redis is down.
    private static let pause: Duration = .milliseconds(200)
    /// For a job whose process was not up to it, which is not the job's fault.
    private static let againPause: Duration = .seconds(2)

    /// - Parameter onTaken: it has taken a suspect, and looks for no more until that has ended.
    init(
        queue: RedisQueue, runner: JobRunner, keeper: LeaseKeeper, settings: Quarantine.Settings,
        command: ChildCommand, metrics: QuarantineMetrics, log: Log, onTaken: @escaping @LoopActor () -> Void
    ) {
        self.queue = queue
        self.runner = runner
        self.keeper = keeper
        self.settings = settings
        self.command = command
        self.metrics = metrics
        self.log = log
        self.onTaken = onTaken
    }

    /// Whether it has a job.
    private(set) var holdsLease = false

    var isBusy: Bool { working != nil }

    var hasProcess: Bool { child?.hasEnded == false }

    /// Runs suspects until there are none. Not while it is busy.
    func work() {
        working = LoopActor.loop.spawn { [self] in
            while !isStopped, let lease = await claim() {
                holdsLease = true
                keeper.hold(lease)
                onTaken()
                await handle(lease)
                keeper.drop(lease)
                holdsLease = false
                idleSince = .now()
            }
            working = nil
        }
    }

    func endIfIdle() {
        guard let child, working == nil, MonotonicInstant.now() - idleSince > settings.idleLimit else { return }
        self.child = nil
        LoopActor.loop.spawn { [settings] in await child.stop(within: settings.startLimit) }
    }

    /// Returns how many jobs were handed back.
    func stop(within limit: Duration) async -> Int {
        isStopped = true
        let timer = LoopActor.loop.after(limit) { self.working?.cancel() }
        if let child { await child.stop(within: limit) }
        await working?.value
        LoopActor.loop.cancel(timer)
        return handedBack
    }

    /// The next suspect, of any shard.
    private func claim() async -> Lease? {
        let first = Int.random(in: 0..<queue.sharding.count)
        for shard in 0..<queue.sharding.count {
            // A Redis that is down is asked again when the next suspects are looked for.
            guard
                let claimed = try? await queue.claimSuspects(
                    1, from: (first + shard) % queue.sharding.count, for: settings.worker, lease: settings.lease)
            else { return nil }
            guard let lease = claimed.leases.first else { continue }
            if !isStopped { return lease }
            await giveBack(lease)
            return nil
        }
        return nil
    }

    private func handle(_ lease: Lease) async {
        runner.metrics.started(lease)
        runner.metrics.ended(lease, await end(of: lease))
    }

    private func end(of lease: Lease) async -> JobMetrics.End {
        if let how = lease.checkpoint[Self.crashedStep] { return await bury(lease, how) }
        guard lease.crashes < queue.options.crashLimit else {
            return await runner.bury(lease, reason: "\(lease.crashes) workers died while they held it")
        }
        guard let child = await readyChild() else {
            await giveBack(lease)
            return .lost
        }
        log.warning(.quarantine, "A job runs in quarantine", fields(lease, child))
        let end = await child.run(lease, within: settings.jobLimit)
        metrics.ended(end)
        switch end {
        case .job(let end):
            // It could not read the lease, or Redis refused it. What is lost indeed is refused here too.
            if end == .lost { await giveBack(lease, isAttempt: true) }
            return end
        case .crashed(let how):
            log.error(.quarantine, "A job crashed its process in the quarantine", fields(lease, child))
            guard let current = await marked(lease, how) else { return .lost }
            return await bury(current, how)
        case .left:
            await giveBack(lease)
            return .lost
        }
    }

    private func readyChild() async -> QuarantineChild? {
        if let child, !child.hasEnded { return child }
        do {
            let fresh = try QuarantineChild(command, launcher: settings.launcher)
            child = fresh
            if await fresh.ready(within: settings.startLimit) { return fresh }
            if !isStopped {
                log.error(.quarantine, "The quarantine process did not get ready", [.pid: .int(Int(fresh.pid))])
            }
        } catch {
            log.error(.quarantine, "The quarantine process cannot be started", [.error: .text("\(error)")])
        }
        child = nil
        return nil
    }

    /// Records that the job crashed its process, before anything else can go wrong, and reads what it had recorded
    /// there. nil when the lease is lost, or we must stop: whoever claims the job next finds the record, or runs it again.
    private func marked(_ lease: Lease, _ how: String) async -> Lease? {
        while !Task.isCancelled, keeper.deadline(of: lease) != nil {
            do throws(QueueError) {
                try await queue.checkpoint(lease, [Self.crashedStep: how])
                return try await queue.held(
                    lease.group.id, token: lease.token, shard: lease.shard, lease: settings.lease)
            } catch {
                if !error.mayPass { return nil }
            }
            // Ends early only when we must stop, and then the loop does.
            try? await LoopActor.loop.sleep(for: Self.pause)
        }
        return nil
    }

    private func bury(_ lease: Lease, _ how: String) async -> JobMetrics.End {
        await runner.bury(lease, reason: "crashed its process, in the quarantine too: \(how)")
    }

    /// Refused when the process has handed it back itself. Should it fail, the lease runs out and somebody else takes
    /// it over.
    private func giveBack(_ lease: Lease, isAttempt: Bool = false) async {
        if isStopped { handedBack += 1 }
        // In a task of its own: ours may be cancelled.
        await LoopActor.loop.spawn { [queue, isStopped] in
            if isStopped {
                try? await queue.release(lease)
            } else {
                try? await queue.retryLater(lease, after: Self.againPause, refund: !isAttempt)
            }
        }.value
    }

    private func fields(_ lease: Lease, _ child: QuarantineChild) -> KeyValuePairs<LogKey, LogValue> {
        [
            .jobID: .text(lease.job.id.rawValue), .job: .text(lease.job.name),
            .business: .text(lease.job.tenant.rawValue), .crashes: .int(lease.crashes), .pid: .int(Int(child.pid)),
        ]
    }
}
