import Native

/// Renews the leases a worker holds, and tells which are lost.
///
/// A new lease is renewed after one beat, because first leases are short; all of them every second beat, in one
/// call a shard. While Redis cannot be reached nothing counts as lost: the reaper could not reach it either, and
/// gives holders time when it comes back.
@LoopActor package final class LeaseKeeper {
    package enum Loss: Sendable, Equatable {
        /// Somebody else has the group, or will have it.
        case taken
        /// The job is past its own limit, and is not renewed any more.
        case overran
    }

    private struct Held {
        let lease: Lease
        let limit: MonotonicInstant?
        var deadline: MonotonicInstant
        var isNew = true
    }

    private let queue: RedisQueue
    private let lease: Duration
    private let beat: Duration
    private let onLost: @LoopActor (Lease, Loss) -> Void
    private var held: [[JobGroup: Held]]
    private var timer: TimerID?
    private var beats = 0
    private var isStopped = false

    /// - Parameters:
    ///   - queue: over a connection of its own, so that heartbeats do not wait behind work.
    ///   - lease: how long a renewal lasts; exceeds two beats.
    ///   - onLost: the work must end at once. The lease is not held any more.
    package init(
        queue: RedisQueue, lease: Duration = .seconds(30), beat: Duration = .milliseconds(2500),
        onLost: @escaping @LoopActor (Lease, Loss) -> Void
    ) {
        self.queue = queue
        self.lease = lease
        self.beat = beat
        self.onLost = onLost
        held = Array(repeating: [:], count: queue.sharding.count)
    }

    /// The pace at which a lease of this length, 1 s or more, is renewed.
    package static func beat(for lease: Duration) -> Duration { min(.milliseconds(2500), lease / 4) }

    /// How many leases are renewed.
    package var count: Int { held.reduce(0) { $0 + $1.count } }

    /// A lease of the same group that was held before is lost: two are never ours at the same time.
    ///
    /// - Parameter limit: past it the lease is not renewed. nil: as long as it is held.
    package func hold(_ lease: Lease, until limit: MonotonicInstant? = nil) {
        let former = held[lease.shard].updateValue(
            Held(lease: lease, limit: limit, deadline: lease.deadline), forKey: lease.group)
        arm(after: beat)
        if let former, former.lease.token != lease.token { onLost(former.lease, .taken) }
    }

    /// The work has ended. Nothing happens when the lease is not held.
    package func drop(_ lease: Lease) {
        if holds(lease) { held[lease.shard][lease.group] = nil }
    }

    /// Until when the lease is surely ours; nil when it is lost or was dropped. An outside call must end before.
    package func deadline(of lease: Lease) -> MonotonicInstant? {
        holds(lease) ? held[lease.shard][lease.group]?.deadline : nil
    }

    /// Renews nothing any more.
    package func stop() {
        isStopped = true
        if let timer { LoopActor.loop.cancel(timer) }
        timer = nil
    }

    private func holds(_ lease: Lease) -> Bool { held[lease.shard][lease.group]?.lease.token == lease.token }

    private func arm(after wait: Duration) {
        guard timer == nil, !isStopped else { return }
        timer = LoopActor.loop.after(wait) { LoopActor.loop.spawn { await self.renew() } }
    }

    private func renew() async {
        loseOverrun()
        beats += 1
        let isEverybodysTurn = beats.isMultiple(of: 2)
        let renewals = held.indices.compactMap { shard -> Task<Bool, Never>? in
            let due = held[shard].values.filter { $0.isNew || isEverybodysTurn }.map(\.lease)
            return due.isEmpty ? nil : LoopActor.loop.spawn { await self.renew(due, of: shard) }
        }
        var isRenewed = true
        for renewal in renewals where await !renewal.value { isRenewed = false }
        timer = nil
        if !isRenewed { beats = 1 }
        if count > 0 { arm(after: isRenewed ? beat : beat / 5) }
    }

    /// Returns whether Redis answered.
    private func renew(_ leases: [Lease], of shard: Int) async -> Bool {
        let deadline = MonotonicInstant.now() + lease
        do throws(QueueError) {
            let lost = try await queue.heartbeat(leases, on: shard, lease: lease)
            for lease in leases where holds(lease) {
                if lost.contains(lease.group) {
                    lose(lease, .taken)
                } else {
                    held[shard][lease.group]?.deadline = deadline
                    held[shard][lease.group]?.isNew = false
                }
            }
            return true
        } catch { return false }
    }

    private func loseOverrun() {
        let now = MonotonicInstant.now()
        for shard in held.indices {
            for one in held[shard].values { if let limit = one.limit, limit < now { lose(one.lease, .overran) } }
        }
    }

    private func lose(_ lease: Lease, _ loss: Loss) {
        drop(lease)
        onLost(lease, loss)
    }
}
