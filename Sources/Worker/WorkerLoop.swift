import Native
import Shared

/// Claims jobs, runs each in a task of its own, keeps its lease and cancels it when the lease is lost.
@LoopActor final class WorkerLoop {
    private let queue: RedisQueue
    private let runner: JobRunner
    private let log: Log
    private var claimer: Claimer!
    private var keeper: LeaseKeeper!
    private var suspects: SuspectRunner!
    /// The one lease that is a suspect's.
    private var suspect: LeaseToken?
    private var tasks: [LeaseToken: (lease: Lease, task: Task<Void, Never>)] = [:]
    private var onIdle: OneShot<Void>?

    struct Settings: Sendable {
        var lanes: [(lane: Lane, weight: Int)]
        var concurrency: Int
        var lease: Duration
    }

    /// - Parameters:
    ///   - connection: work's own; heartbeats and wake-ups have theirs.
    ///   - heartbeats: the same queue over a connection that work does not fill.
    init(
        connection: QueueConnection, heartbeats: RedisQueue, runner: JobRunner, worker: WorkerID, settings: Settings,
        log: Log
    ) {
        queue = connection.queue
        self.runner = runner
        self.log = log
        var options = Claimer.Options()
        options.firstLease = min(options.firstLease, settings.lease)
        claimer = Claimer(
            queue: queue, address: connection.address, worker: worker,
            budget: LaneBudget(lanes: settings.lanes, capacity: settings.concurrency), options: options,
            onLease: { [unowned self] in start($0) },
            onError: { log.debug(.redisConnection, "A claim failed", [.error: .text("\($0)")]) })
        suspects = SuspectRunner(
            queue: queue, worker: worker, lease: options.firstLease,
            suspects: { [unowned self] in claimer.suspects },
            onLease: { [unowned self] in
                suspect = $0.token
                start($0)
            })
        keeper = LeaseKeeper(
            queue: heartbeats, lease: settings.lease, beat: min(.milliseconds(2500), settings.lease / 4),
            onLost: { [unowned self] lease, _ in cancel(lease) })
    }

    /// Jobs in hand.
    var inFlight: Int { tasks.count }

    func start() {
        claimer.start()
        suspects.start()
    }

    /// Call it when the queue's connection is back.
    func lookEverywhere() { claimer.lookEverywhere() }

    /// Takes no new job; finishes what it holds, and hands back what is not finished within `limit`. Returns how many
    /// were handed back.
    func drain(within limit: Duration) async -> Int {
        await suspects.stop()
        await claimer.stop()
        if !tasks.isEmpty {
            let idle = OneShot<Void>()
            onIdle = idle
            // What is left when time is up is handed back below.
            try? await withDeadline(limit) { try await idle.value }
        }
        let rest = tasks.values
        for (_, task) in rest { task.cancel() }
        for (lease, task) in rest {
            await task.value
            // Should this fail, the lease runs out and somebody else takes it over.
            try? await queue.release(lease)
        }
        keeper.stop()
        return rest.count
    }

    private func start(_ lease: Lease) {
        keeper.hold(lease)
        let runner = runner, keeper = keeper!
        let task = LoopActor.loop.spawn {
            await runner.run(lease) { keeper.deadline(of: lease) }
            self.ended(lease)
        }
        tasks[lease.token] = (lease, task)
    }

    private func ended(_ lease: Lease) {
        keeper.drop(lease)
        tasks[lease.token] = nil
        if suspect == lease.token {
            suspect = nil
            suspects.finished()
        } else {
            claimer.finished(lease)
        }
        if tasks.isEmpty { onIdle?.resolve(()) }
    }

    private func cancel(_ lease: Lease) { tasks[lease.token]?.task.cancel() }
}
