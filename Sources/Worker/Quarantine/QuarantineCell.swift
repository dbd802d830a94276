import Native
import Shared

/// One quarantine process, kept while there are suspects, and what becomes of the jobs it runs.
@LoopActor final class QuarantineCell {
    private let queue: RedisQueue
    private let runner: JobRunner
    private let keeper: LeaseKeeper
    private let settings: Quarantine.Settings
    private let command: ChildCommand
    private let metrics: QuarantineMetrics
    private let log: Log
    private var child: QuarantineChild?
    private var working: Task<Void, Never>?
    private var idleSince = MonotonicInstant.now()
    private var isStopped = false

    init(
        queue: RedisQueue, runner: JobRunner, keeper: LeaseKeeper, settings: Quarantine.Settings,
        command: ChildCommand, metrics: QuarantineMetrics, log: Log
    ) {
        self.queue = queue
        self.runner = runner
        self.keeper = keeper
        self.settings = settings
        self.command = command
        self.metrics = metrics
        self.log = log
    }

    var isBusy: Bool { working != nil }

    var hasProcess: Bool { child?.hasEnded == false }

    /// Runs suspects until there are none. Not while it is busy.
    func work() {
        working = LoopActor.loop.spawn { [self] in
            while !isStopped, let child = await readyChild(), !isStopped, let lease = await claim() {
                await run(lease, child)
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

    func stop(within limit: Duration) async {
        isStopped = true
        if let child { await child.stop(within: limit) }
        await working?.value
    }

    private func readyChild() async -> QuarantineChild? {
        if let child, !child.hasEnded { return child }
        do {
            let fresh = try QuarantineChild(command)
            child = fresh
            if await fresh.ready(within: settings.startLimit) { return fresh }
            log.error(.quarantine, "The quarantine process did not get ready", [.pid: .int(Int(fresh.pid))])
        } catch {
            log.error(.quarantine, "The quarantine process cannot be started", [.error: .text("\(error)")])
        }
        return nil
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
            // Should this fail, the lease runs out and somebody else takes it over.
            try? await queue.release(lease)
            return nil
        }
        return nil
    }

    private func run(_ lease: Lease, _ child: QuarantineChild) async {
        keeper.hold(lease)
        defer { keeper.drop(lease) }
        guard lease.crashes < queue.options.crashLimit else {
            return await runner.bury(lease, reason: "\(lease.crashes) workers died while they held it")
        }
        log.warning(.quarantine, "A job runs in quarantine", fields(lease, child))
        let end = await child.run(lease, within: settings.jobLimit)
        metrics.ended(end)
        switch end {
        case .job: break
        case .crashed(let how):
            log.error(.quarantine, "A job crashed its process in the quarantine", fields(lease, child))
            // Read again, for what it recorded there. What cannot be read is buried as it was claimed.
            let current = try? await queue.held(
                lease.group.id, token: lease.token, shard: lease.shard, lease: settings.lease)
            await runner.bury(current ?? lease, reason: "crashed its process, in the quarantine too: \(how)")
        case .left:
            // It has handed the job back, and then this is refused; or it could not begin.
            try? await queue.release(lease)
        }
    }

    private func fields(_ lease: Lease, _ child: QuarantineChild) -> KeyValuePairs<LogKey, LogValue> {
        [
            .jobID: .text(lease.job.id.rawValue), .job: .text(lease.job.name),
            .business: .text(lease.job.tenant.rawValue), .crashes: .int(lease.crashes), .pid: .int(Int(child.pid)),
        ]
    }
}
