import Native
import Shared

/// Runs groups whose head took two workers along: one at a time, so that a payload that crashes the process takes
/// as few bystanders along as can be.
@LoopActor final class SuspectRunner {
    private let queue: RedisQueue
    private let worker: WorkerID
    private let lease: Duration
    private let suspects: @LoopActor () -> Int
    private let onLease: @LoopActor (Lease) -> Void
    private var timer: TimerID?
    private var isBusy = false
    private var looking: Task<Void, Never>?
    private var isStopped = false

    /// No wake-up is sent for suspects.
    private static let interval: Duration = .seconds(1)

    /// - Parameters:
    ///   - suspects: how many groups are known to wait.
    ///   - onLease: takes the lease over; `finished` must follow.
    init(
        queue: RedisQueue, worker: WorkerID, lease: Duration, suspects: @escaping @LoopActor () -> Int,
        onLease: @escaping @LoopActor (Lease) -> Void
    ) {
        self.queue = queue
        self.worker = worker
        self.lease = lease
        self.suspects = suspects
        self.onLease = onLease
    }

    func start() {
        timer = LoopActor.loop.after(Self.interval) { [self] in
            if !isBusy, suspects() > 0 {
                isBusy = true
                looking = LoopActor.loop.spawn { [self] in await look() }
            }
            start()
        }
    }

    /// Claims nothing more. What is on its way here is released.
    func stop() async {
        isStopped = true
        if let timer { LoopActor.loop.cancel(timer) }
        await looking?.value
    }

    func finished() { isBusy = false }

    private func look() async {
        for shard in 0..<queue.sharding.count {
            // A Redis that is down is asked again by the timer.
            guard let claimed = try? await queue.claimSuspects(1, from: shard, for: worker, lease: lease) else { break }
            guard let lease = claimed.leases.first else { continue }
            if !isStopped { return onLease(lease) }
            // Should this fail, the lease runs out and somebody else takes it over.
            try? await queue.release(lease)
            break
        }
        isBusy = false
    }
}
