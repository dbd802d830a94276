import Native

/// Keeps a worker's free slots filled: hears which shards have work, and looks at each about once a second anyway.
///
/// One claim at a time, of up to 32 groups: what arrives meanwhile makes the next one larger. Wake-ups are hints
/// only; after a reconnect everything is looked at.
@LoopActor package final class Claimer {
    package struct Options: Sendable {
        /// Exceeds the lease keeper's first beat.
        package var firstLease = Duration.seconds(10)
        /// Between two looks at all shards, moved by up to ±20 %.
        package var sweepInterval = Duration.seconds(1)
        /// How long a full worker, or one with a full tenant, gathers free slots before it claims for them.
        package var gatherTime = Duration.milliseconds(1)
        /// 0..<1.
        package var randomUnit: @Sendable () -> Double = { .random(in: 0..<1) }

        package init() {}
    }

    private let queue: RedisQueue
    private let worker: WorkerID
    private let options: Options
    private let onLease: @LoopActor (Lease) -> Void
    private let onError: @LoopActor (QueueError) -> Void
    private let address: RedisAddress
    private let connection: RedisClient.Options
    private lazy var subscriber = makeSubscriber()
    private var budget: LaneBudget
    private var agenda: ShardAgenda
    private var claiming: Task<Void, Never>?
    private var sweep: TimerID?
    private var gathering: TimerID?
    private var isStopping = false
    private var suspectsByShard: [Int]

    /// - Parameters:
    ///   - address: for the wake-ups' own connection.
    ///   - onLease: takes the lease over and returns at once. The slot is taken until `finished`.
    ///   - onError: a claim failed; it is tried again by itself.
    package init(
        queue: RedisQueue, address: RedisAddress, connection: RedisClient.Options = .init(), worker: WorkerID,
        budget: LaneBudget, options: Options = Options(), onLease: @escaping @LoopActor (Lease) -> Void,
        onError: @escaping @LoopActor (QueueError) -> Void = { _ in }
    ) {
        self.queue = queue
        self.address = address
        self.connection = connection
        self.worker = worker
        self.budget = budget
        self.options = options
        self.onLease = onLease
        self.onError = onError
        agenda = ShardAgenda(shards: queue.sharding.count)
        suspectsByShard = Array(repeating: 0, count: queue.sharding.count)
    }

    private func makeSubscriber() -> RedisSubscriber {
        RedisSubscriber(
            address: address, options: connection, channels: [ShardKeys.wakeChannel(worker)],
            onMessage: { [weak self] _, message in self?.heard(message) },
            onSubscribed: { [weak self] in self?.lookEverywhere() })
    }

    package func start() {
        subscriber.start()
        armSweep()
        lookEverywhere()
    }

    /// Slots in use.
    package var inFlight: Int { budget.inFlight }

    /// Groups seen that wait for the quarantine.
    package var suspects: Int { suspectsByShard.reduce(0, +) }

    /// A lease has ended, in whatever way: its slot is free.
    package func finished(_ lease: Lease) {
        budget.giveBack(lease.group.lane, of: lease.group.tenant)
        agenda.slotIsFree()
        let isGathering = budget.free < ClaimPlan.largest / 2 || agenda.isWithholding
        if !isGathering || budget.inFlight == 0 {
            claimNext()
        } else if gathering == nil, !isStopping {
            gathering = LoopActor.loop.after(options.gatherTime) {
                self.gathering = nil
                self.claimNext()
            }
        }
    }

    /// Claims on all shards. Call it when the queue's connection is back.
    package func lookEverywhere() {
        agenda.wakeAll()
        claimNext()
    }

    /// Claims nothing more. Leases that are on their way here are released; those handed out stay the worker's.
    package func stop() async {
        if isStopping { return }
        isStopping = true
        subscriber.stop()
        for timer in [sweep, gathering] { if let timer { LoopActor.loop.cancel(timer) } }
        await claiming?.value
        for shard in 0..<queue.sharding.count {
            // An error costs the queue one wasted wake-up, which it survives.
            do throws(QueueError) { try await passOn(shard) } catch { return }
        }
    }

    private func heard(_ message: [UInt8]) {
        guard !isStopping, let shard = Int(String(decoding: message, as: UTF8.self)) else { return }
        agenda.wake(shard)
        if budget.free > 0 {
            claimNext()
        } else {
            LoopActor.loop.spawn {
                do throws(QueueError) { try await self.passOn(shard) } catch { self.onError(error) }
            }
        }
    }

    /// Takes us off a shard's list of the waiting, and wakes another worker if there is work.
    private func passOn(_ shard: Int) async throws(QueueError) {
        suspectsByShard[shard] = try await queue.claim(budget.plan(upTo: 0), from: shard, for: worker).suspects
    }

    private func armSweep() {
        sweep = LoopActor.loop.after(options.sweepInterval * (0.8 + 0.4 * options.randomUnit())) {
            if self.budget.free > 0 { self.lookEverywhere() }
            self.armSweep()
        }
    }

    private func claimNext() {
        guard claiming == nil, !isStopping, budget.free > 0,
            let shard = agenda.next(isFull: { budget.isFull($0.tenant, in: $0.lane) })
        else { return }
        claiming = LoopActor.loop.spawn { await self.claim(from: shard) }
    }

    private func claim(from shard: Int) async {
        let plan = budget.plan(upTo: ClaimPlan.largest)
        do throws(QueueError) {
            let claimed = try await queue.claim(plan, from: shard, for: worker, lease: options.firstLease)
            suspectsByShard[shard] = claimed.suspects
            for lease in claimed.leases { budget.take(lease.group.lane, of: lease.group.tenant) }
            agenda.claimed(
                shard, hasMore: claimed.hasMore, withheld: claimed.withheld,
                couldTake: claimed.leases.count == plan.slots && budget.free > 0)
            if isStopping {
                for lease in claimed.leases { await giveBack(lease) }
                return
            }
            claiming = nil
            // Before the jobs begin, so that neither we nor Redis waits for the other.
            claimNext()
            for lease in claimed.leases { onLease(lease) }
        } catch {
            claiming = nil
            agenda.wake(shard)
            onError(error)
        }
    }

    private func giveBack(_ lease: Lease) async {
        budget.giveBack(lease.group.lane, of: lease.group.tenant)
        // If this fails, the lease runs out and is reaped.
        do throws(QueueError) { try await queue.release(lease) } catch { onError(error) }
    }
}
