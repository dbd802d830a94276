import Native
import Shared

/// Claims jobs, runs each in a task of its own, keeps its lease and cancels it when the lease is lost.
@LoopActor final class WorkerLoop {
    private let queue: RedisQueue
    private let runner: JobRunner
    private let jobLimit: Duration
    private var claimer: Claimer!
    private var keeper: LeaseKeeper!
    private var quarantine: Quarantine!
    /// By the lease: tokens are a shard's own.
    private var tasks: [ObjectIdentifier: (lease: Lease, task: Task<Void, Never>)] = [:]
    private var onIdle: OneShot<Void>?

    struct Settings: Sendable {
        var lanes: [(lane: Lane, weight: Int)]
        var concurrency: Int
        var lease: Duration
    }

    init(_ parts: WorkerParts, worker: WorkerID, settings: Settings, metrics: Metrics, log: Log) {
        queue = parts.redis.queue
        runner = parts.runner
        jobLimit = parts.jobLimit
        var options = Claimer.Options()
        options.firstLease = min(options.firstLease, settings.lease)
        claimer = Claimer(
            queue: queue, address: parts.redis.address, worker: worker,
            budget: LaneBudget(lanes: settings.lanes, capacity: settings.concurrency), options: options,
            onLease: { [unowned self] in start($0) },
            onError: { log.debug(.redisConnection, "A claim failed", [.error: .text("\($0)")]) })
        keeper = LeaseKeeper(
            queue: parts.heartbeats.queue, lease: settings.lease, beat: LeaseKeeper.beat(for: settings.lease),
            onLost: { [unowned self] lease, _ in cancel(lease) })
        quarantine = Quarantine(
            queue: queue, runner: runner, keeper: keeper,
            settings: Quarantine.Settings(worker: worker, lease: options.firstLease, jobLimit: jobLimit),
            command: ChildCommand(ThisProgram.path, [Main.quarantineOption]), metrics: metrics, log: log,
            suspects: { [unowned self] in claimer.suspects })
    }

    /// Jobs in hand.
    var inFlight: Int { tasks.count + quarantine.inFlight }

    func start() {
        claimer.start()
        quarantine.start()
    }

    /// Takes no new job; finishes what it holds, and hands back what is not finished within `limit`. Returns how many
    /// were handed back.
    func drain(within limit: Duration) async -> Int {
        let quarantined = LoopActor.loop.spawn { [quarantine] in await quarantine!.stop(within: limit) }
        await claimer.stop()
        if !tasks.isEmpty {
            let idle = OneShot<Void>()
            onIdle = idle
            // What is left when time is up is handed back below.
            try? await withDeadline(limit) { try await idle.value }
        }
        let rest = tasks.values
        for (_, task) in rest { task.cancel() }
        let releases = rest.map { lease, task in LoopActor.loop.spawn { await self.handBack(lease, after: task) } }
        var handedBack = await quarantined.value
        for release in releases where await release.value { handedBack += 1 }
        keeper.stop()
        return handedBack
    }

    /// False when the job ended after all, or the release failed: then the lease runs out and somebody else takes it over.
    private func handBack(_ lease: Lease, after task: Task<Void, Never>) async -> Bool {
        await task.value
        do throws(QueueError) {
            try await queue.release(lease)
            return true
        } catch { return false }
    }

    private func start(_ lease: Lease) {
        keeper.hold(lease, until: .now() + jobLimit)
        let runner = runner, keeper = keeper!
        let task = LoopActor.loop.spawn {
            _ = await runner.run(lease) { keeper.deadline(of: lease) }
            self.ended(lease)
        }
        tasks[ObjectIdentifier(lease)] = (lease, task)
    }

    private func ended(_ lease: Lease) {
        keeper.drop(lease)
        tasks[ObjectIdentifier(lease)] = nil
        claimer.finished(lease)
        if tasks.isEmpty { onIdle?.resolve(()) }
    }

    private func cancel(_ lease: Lease) { tasks[ObjectIdentifier(lease)]?.task.cancel() }
}
