import Native
import Shared

/// Has groups whose head took two workers along run in processes of their own, one at a time in each, so that a payload
/// that crashes its process takes nobody along any more. Only there the next crash is surely the job's own, and makes
/// it dead.
///
/// This worker claims and keeps the leases; the processes work under them. So the worker can bury a job when its
/// process has died, and when both die the lease runs out as any other.
@LoopActor final class Quarantine {
    struct Settings: Sendable {
        var worker: WorkerID
        /// First lease; the lease keeper extends it.
        var lease: Duration
        /// A job that runs longer in there is killed with its process.
        var jobLimit: Duration
        /// Processes at the same time: those that died with the culprit twice are many, and wait for an AI each.
        var width = 8
        /// Between two looks for suspects, for which no wake-up is sent.
        var interval = Duration.seconds(1)
        /// How long a process is kept when there is nothing for it.
        var idleLimit = Duration.seconds(60)
        /// How long a process may take to start.
        var startLimit = Duration.seconds(30)
    }

    private let cells: [QuarantineCell]
    private let settings: Settings
    private let suspects: @LoopActor () -> Int
    private var timer: TimerID?

    /// - Parameters:
    ///   - command: starts a quarantine process.
    ///   - suspects: how many groups are known to wait.
    init(
        queue: RedisQueue, runner: JobRunner, keeper: LeaseKeeper, settings: Settings, command: ChildCommand,
        metrics: Metrics, log: Log, suspects: @escaping @LoopActor () -> Int
    ) {
        self.settings = settings
        self.suspects = suspects
        let counters = QuarantineMetrics(metrics)
        cells = (0..<settings.width).map { _ in
            QuarantineCell(
                queue: queue, runner: runner, keeper: keeper, settings: settings, command: command, metrics: counters,
                log: log)
        }
    }

    func start() {
        timer = LoopActor.loop.after(settings.interval) { [self] in
            let busy = cells.count { $0.isBusy }
            let wanted = min(suspects(), cells.count)
            // Those with a process first.
            let free = cells.filter { !$0.isBusy }.sorted { $0.hasProcess && !$1.hasProcess }
            for cell in free.prefix(max(0, wanted - busy)) { cell.work() }
            if wanted == 0 { for cell in cells { cell.endIfIdle() } }
            start()
        }
    }

    /// Claims nothing more. Jobs in the processes finish, or are handed back within `limit`.
    func stop(within limit: Duration) async {
        if let timer { LoopActor.loop.cancel(timer) }
        let stopping = cells.map { cell in LoopActor.loop.spawn { await cell.stop(within: limit) } }
        for task in stopping { await task.value }
    }
}
