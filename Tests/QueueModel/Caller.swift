import Native

@testable import Shared

/// Makes an action on the real queue and tells its answer in the model's words.
@LoopActor struct Caller {
    let queue: RedisQueue
    /// By token.
    private var leases: [String: Lease] = [:]
    private var lastToken = 0

    init(queue: RedisQueue) { self.queue = queue }

    /// The answer, and the handles of what was claimed.
    mutating func make(_ action: Action) async throws(QueueError) -> (answer: Answer, handles: [Handle]) {
        do throws(QueueError) {
            switch action {
            case .claim(let worker, let plan, let isSilent):
                return take(
                    try await queue.claim(ClaimPlan(plan), from: 0, for: WorkerID(worker), lease: Self.lease(isSilent)))
            case .claimSuspects(let worker, let slots, let isSilent):
                return take(
                    try await queue.claimSuspects(slots, from: 0, for: WorkerID(worker), lease: Self.lease(isSilent)))
            default: return (try await answer(to: action), [])
            }
        } catch .leaseLost { return (.leaseLost, []) } catch .rejected(let reply) where reply.hasPrefix("BADCOUNT") {
            return (.rejected("BADCOUNT"), [])
        }
    }

    private static func lease(_ isSilent: Bool) -> Duration { isSilent ? .zero : Cast.long }

    private func answer(to action: Action) async throws(QueueError) -> Answer {
        switch action {
        case .enqueue(let job, let dedupe, let isDelayed):
            let delay = isDelayed ? Cast.long : .zero
            return .enqueued(try await queue.enqueue(job.job, dedupe: dedupe, delay: delay))
        case .replay(let job, let steps, let dedupe):
            switch try await queue.replay(job.job, steps: steps, dedupe: dedupe) {
            case .accepted: return .enqueued(.accepted)
            case .replayedBefore: return .enqueued(.duplicate(of: JobID(job.id)))
            case .stands: return .stands
            case .full(let bound): return .enqueued(.full(bound))
            }
        case .hold(let verb, let handle): return try await hold(verb, leases[handle.token]!)
        case .heartbeat(let handles, let isLast):
            let lost = try await queue.heartbeat(
                handles.map { leases[$0.token]! }, on: 0, lease: Self.lease(isLast))
            return .lost(Set(lost.map(\.id)))
        case .reap(let limit): return .count(try await queue.reap(limit: limit))
        case .promote(let limit): return .count(try await queue.promote(limit: limit))
        case .look:
            var seen = try await queue.inspect()
            let depths = try await queue.depths()
            for lane in Lane.allCases {
                seen.lanes[lane]?.oldest = nil
                guard depths.jobs[lane] ?? 0 == seen[lane].depth else {
                    throw .rejected("inspect sees \(seen[lane]), and depths \(depths)")
                }
            }
            return .overview(seen)
        case .audit: return .repaired(try await audit())
        case .damage(let damage):
            for command in damage.commands(keys) { try await send(command) }
            return .repaired(try await audit())
        case .pause(let target): try await queue.pause(target)
        case .resume(let target): try await queue.resume(target)
        case .runOut(let group): try await send(RedisCommand("ZADD", keys.leases, "XX", "0", group))
        case .comeDue(let group): try await send(RedisCommand("ZADD", keys.delayed, "XX", "0", group))
        case .beAway: try await send(RedisCommand("HSET", keys.reaper, "at", "1"))
        case .endGrace: try await send(RedisCommand("HSET", keys.reaper, "from", "0"))
        case .forgetScripts: try await send(RedisCommand("SCRIPT", "FLUSH"))
        // The scripts read no clock but Redis's own; what an earlier one left is the last token.
        case .turnClockBack:
            try await send(RedisCommand("SET", keys.lastToken, "\(lastToken + 3_600_000_000)"))
        case .claim, .claimSuspects: preconditionFailure("claims are made by make")
        }
        return .done
    }

    private func hold(_ verb: Action.HolderVerb, _ lease: Lease) async throws(QueueError) -> Answer {
        switch verb {
        case .ack(let count, let remember, let following):
            try await queue.ack(
                lease, count: count, remember: remember.map { Array($0.utf8) }, following: following.map(\.job))
        case .retryLater(let isDue, let refund):
            try await queue.retryLater(lease, after: isDue ? .zero : Cast.long, refund: refund)
        case .release: try await queue.release(lease)
        case .failToDead(let reason): try await queue.failToDead(lease, reason: reason)
        case .checkpoint(let steps):
            // Two ways to record: by itself, and together with a text that is sent next.
            let speech = steps.count > 1 ? nil : Speech(digest: "0011", keptFor: Cast.long, asks: false)
            try await queue.checkpoint(lease, steps, saying: speech)
        case .waiting(let limit):
            return .jobs(try await queue.waiting(behind: lease, limit: limit).map(\.id.rawValue))
        case .merge(let jobs):
            let merging = jobs.map {
                RedisQueue.Merging(job: JobID($0.id), step: ModelQueue.mergedStep($0), value: $0.id)
            }
            return .count(try await queue.merge(merging, into: lease))
        case .held:
            return .held(
                Answer.Grant(
                    try await queue.held(
                        lease.group.id, token: lease.token, shard: lease.shard, lease: Cast.long)))
        }
        return .done
    }

    private mutating func take(_ claimed: Claimed) -> (Answer, [Handle]) {
        var handles: [Handle] = [], grants: [Answer.Grant] = []
        for lease in claimed.leases {
            leases[lease.token.rawValue] = lease
            lastToken = max(lastToken, Int(lease.token.rawValue) ?? 0)
            grants.append(Answer.Grant(lease))
            handles.append(
                Handle(group: lease.group.id, token: lease.token.rawValue, job: ModelJob(lease.job)))
        }
        let withheld = Set(claimed.withheld.map { ModelQueue.Turns(lane: $0.lane, tenant: $0.tenant.rawValue) })
        return (
            .claimed(grants, hasMore: claimed.hasMore, withheld: withheld, suspects: claimed.suspects), handles
        )
    }

    /// Until nothing is found any more. Returns whether anything was.
    private func audit() async throws(QueueError) -> Bool {
        for pass in 0..<5 {
            if try await Auditor(queue: queue).pass().isEmpty { return pass > 0 }
        }
        throw .rejected("the audit finds ever more")
    }

    private var keys: ShardKeys { queue.keys(of: 0) }

    private func send(_ command: RedisCommand) async throws(QueueError) {
        do throws(RedisError) { _ = try await queue.client.send(command) } catch { throw QueueError(error) }
    }
}

extension ClaimPlan {
    fileprivate init(_ plan: Action.Plan) {
        self.init(
            slots: plan.slots, belowHigh: plan.belowHigh, belowDefault: plan.belowDefault,
            lanes: plan.shares.map { Share(lane: $0.lane, quota: $0.quota, limit: $0.limit) },
            tenants: plan.bound.map { bound in
                Bound(
                    free: bound.free,
                    holdings: bound.held.map { Holding(tenant: TenantID($0.key), slots: $0.value) })
            })
    }
}

extension Answer.Grant {
    fileprivate init(_ lease: Lease) {
        self.init(
            group: lease.group.id, job: ModelJob(lease.job), attempts: lease.attempts, crashes: lease.crashes,
            behind: lease.behind, steps: lease.checkpoint)
    }
}

extension ModelJob {
    /// One whose body or times are not what they were is given another id, which no model expects.
    fileprivate init(_ job: Job) {
        let same = ModelJob(
            id: job.id.rawValue, lane: job.lane, tenant: job.tenant.rawValue, conversation: job.conversation?.rawValue)
        var sent = same.job
        sent.enqueuedAtMS = job.enqueuedAtMS
        let isIntact = sent == job && job.enqueuedAtMS > 1_700_000_000_000
        self =
            isIntact
            ? same : ModelJob(id: "\(same.id) damaged", lane: same.lane, tenant: same.tenant, conversation: nil)
    }
}
