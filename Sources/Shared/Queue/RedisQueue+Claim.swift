import Native

/// What one shard gave.
package struct Claimed: Sendable {
    package let leases: [Lease]
    /// Whether ready groups are left, which the plan's limits kept us from, or its size. Those of full tenants that
    /// the claim met are not meant.
    package let hasMore: Bool
    /// Whose groups were left because the tenant is full.
    let withheld: [ShardAgenda.Turn]
    /// Groups of the shard that wait for the quarantine and are not paused, as far as that was looked for: 0...100.
    package let suspects: Int
}

extension RedisQueue {
    /// Takes up to `plan.slots` ready groups of a shard. With fewer found, the worker is registered as waiting in
    /// the same step: it hears on its wake channel when there is more. With no slots it is taken off that list.
    ///
    /// When the reply is lost on its way here, nobody works on what was taken until the lease runs out; hence the
    /// first lease is short and heartbeats extend it.
    package func claim(
        _ plan: ClaimPlan, from shard: Int, for worker: WorkerID, lease: Duration = .seconds(10)
    ) async throws(QueueError) -> Claimed {
        precondition(plan.slots <= ClaimPlan.largest, "a claim of \(plan.slots) would hold Redis up")
        return try await claim(plan, "lanes", shard, worker, lease)
    }

    /// Takes groups whose head crashed two workers or more. For a process that has nothing else in it.
    package func claimSuspects(
        _ slots: Int, from shard: Int, for worker: WorkerID, lease: Duration = .seconds(10)
    ) async throws(QueueError) -> Claimed {
        let plan = ClaimPlan(slots: slots, belowHigh: 0, belowDefault: 0, lanes: [])
        return try await claim(plan, "suspects", shard, worker, lease)
    }

    /// The lease that another process of ours claimed: what a claim would tell, for a lease that lasts from now on.
    ///
    /// - Throws: `.leaseLost` when it is over.
    package func held(
        _ group: String, token: LeaseToken, shard: Int, lease: Duration
    ) async throws(QueueError) -> Lease {
        var arguments: RedisArguments = [group, token.rawValue]
        arguments.append(lease.milliseconds)
        let deadline = MonotonicInstant.now() + lease
        let reply = try await run(scripts.held, on: shard, arguments)
        guard reply.items != nil else { throw .leaseLost }
        guard let lease = Lease(reply: reply, shard: shard, deadline: deadline) else {
            throw .rejected("held answered \(reply)")
        }
        return lease
    }

    private func claim(
        _ plan: ClaimPlan, _ mode: String, _ shard: Int, _ worker: WorkerID, _ lease: Duration
    ) async throws(QueueError) -> Claimed {
        var arguments: RedisArguments = [worker.rawValue]
        arguments.append(plan.slots)
        arguments.append(lease.milliseconds)
        arguments.append(mode)
        plan.append(to: &arguments)
        // Before Redis starts to count, so that our deadline is never the later one.
        let deadline = MonotonicInstant.now() + lease
        // Redis looks while the jobs of the claim before begin here.
        let reply = try await run(scripts.claim, on: shard, arguments, atOnce: true).items ?? []
        guard reply.count >= 3, let withheld = Self.turns(reply[2]) else { throw .rejected("claim answered \(reply)") }
        var leases: [Lease] = []
        leases.reserveCapacity(reply.count - 3)
        for group in reply.dropFirst(3) {
            guard let lease = Lease(reply: group, shard: shard, deadline: deadline) else {
                throw .rejected("claim answered \(group)")
            }
            leases.append(lease)
        }
        return Claimed(
            leases: leases, hasMore: reply[1].int == 1, withheld: withheld, suspects: reply[0].int ?? 0)
    }

    /// nil when it is not lane and tenant in turn.
    private static func turns(_ reply: RedisValue) -> [ShardAgenda.Turn]? {
        guard let words = reply.items, words.count.isMultiple(of: 2) else { return nil }
        var turns: [ShardAgenda.Turn] = []
        for index in stride(from: 0, to: words.count, by: 2) {
            guard let lane = words[index].text.flatMap({ Lane(rawValue: $0) }), let tenant = words[index + 1].text
            else { return nil }
            turns.append(.init(lane: lane, tenant: TenantID(tenant)))
        }
        return turns
    }
}

extension Lease {
    /// nil when the reply is not what claim.lua writes.
    @LoopActor fileprivate convenience init?(reply: RedisValue, shard: Int, deadline: MonotonicInstant) {
        guard let parts = reply.items, parts.count == 8, let group = parts[0].text.flatMap(JobGroup.init(id:)),
            let token = parts[1].text, let attempts = parts[2].int, let crashes = parts[3].int,
            let wait = parts[4].int, let behind = parts[5].int, let record = parts[6].bytes,
            parts[7].items != nil
        else { return nil }
        var checkpoint: [String: String] = [:]
        for (step, value) in parts[7].pairs { checkpoint[step.text ?? ""] = value.text }
        self.init(
            shard: shard, group: group, token: LeaseToken(rawValue: token), job: JobRecord.read(record, of: group),
            attempts: attempts, crashes: crashes, wait: .milliseconds(wait), behind: behind, checkpoint: checkpoint,
            deadline: deadline)
    }
}
