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
        /// Ties a process to this one: a program that calls `ParentTie.becomeTiedCommand`.
        var launcher = ThisProgram.path
    }

    private var cells: [QuarantineCell] = []
    private let settings: Settings
    private let suspects: @LoopActor () -> Int
    private var timer: TimerID?
    private var isStopped = false

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
                log: log, onTaken: { [unowned self] in look() })
        }
    }

    /// Jobs in hand.
    var inFlight: Int { cells.count { $0.holdsLease } }

    func start() {
        timer = LoopActor.loop.after(settings.interval) { [self] in
            for cell in cells { cell.endIfIdle() }
            look()
            start()
        }
    }

    /// One cell at a time looks for a suspect, and when it has taken one, the next: so those that cannot be claimed, as
    /// of a paused queue, cost one look an interval, and no process.
    private func look() {
        guard !isStopped, suspects() > 0, !cells.contains(where: { $0.isBusy && !$0.holdsLease }) else { return }
        let free = cells.filter { !$0.isBusy }
        (free.first { $0.hasProcess } ?? free.first)?.work()
    }

    /// Claims nothing more. Jobs in the processes finish, or are handed back within `limit`. Returns how many were
    /// handed back.
    func stop(within limit: Duration) async -> Int {
        isStopped = true
        if let timer { LoopActor.loop.cancel(timer) }
        let stopping = cells.map { cell in LoopActor.loop.spawn { await cell.stop(within: limit) } }
        var handedBack = 0
        for task in stopping { handedBack += await task.value }
        return handedBack
    }
}
