@testable import Shared

extension ModelQueue {
    /// Does what the call should do, and returns what it should answer.
    mutating func apply(_ action: Action) -> Answer {
        switch action {
        case .enqueue(let job, let dedupe, let isDelayed): return enqueue(job, dedupe, isDelayed: isDelayed, steps: [:])
        case .replay(let job, let steps, let dedupe):
            if seen[dedupe] == nil, groups[job.group]?.jobs.contains(job) == true { return .stands }
            return enqueue(job, dedupe, isDelayed: false, steps: steps)
        case .claim(let worker, let plan, let isSilent): return claim(plan, for: worker, isSilent)
        case .claimSuspects(_, let slots, let isSilent): return claimSuspects(slots, isSilent)
        case .hold(let verb, let handle): return hold(verb, handle)
        case .heartbeat(let handles, let isLast): return heartbeat(handles, isLast)
        case .reap(let limit): return reap(limit)
        case .promote(let limit): return promote(limit)
        case .look: return .overview(overview)
        case .audit: return .repaired(false)
        case .damage(let damage):
            apply(damage)
            return .repaired(true)
        case .pause(let target): paused.insert(target)
        case .resume(let target): resume(target)
        case .runOut(let group): leases[group]?.hasRunOut = true
        case .comeDue(let group): delayed[group] = true
        case .beAway: wasAway = hasReaped
        case .endGrace: isInGrace = false
        case .forgetScripts, .turnClockBack: break
        }
        return .done
    }

    private var overview: QueueInspection {
        var seen = QueueInspection()
        for lane in Lane.allCases {
            var state = QueueInspection.LaneState()
            state.depth = length(of: lane)
            state.inFlight = leases.keys.count { Self.lane(of: $0) == lane }
            state.pause = isPaused(lane) ? .yes : .no
            seen.lanes[lane] = state
        }
        seen.delayed = delayed.count
        seen.suspects = suspects.count
        seen.deadInView = burials.count
        return seen
    }

    private mutating func enqueue(
        _ job: ModelJob, _ dedupe: String, isDelayed: Bool, steps recorded: [String: String]
    ) -> Answer {
        if let first = seen[dedupe] { return .enqueued(.duplicate(of: JobID(first))) }
        if length(of: job.lane) >= options.laneLength { return .enqueued(.full(.lane)) }
        let ofTenant = length { $0.lane == job.lane && $0.tenant == job.tenant }
        if ofTenant >= options.tenantLength { return .enqueued(.full(.tenant)) }
        if groups[job.group].map(\.jobs.count) ?? 0 >= options.conversationLength { return .enqueued(.full(.group)) }
        seen[dedupe] = job.id
        if !recorded.isEmpty { steps[job.id] = recorded }
        dead[job.id] = nil
        append(job, isDelayed: isDelayed)
        return .enqueued(.accepted)
    }

    /// At the end of its group, which becomes ready or delayed if it was idle.
    mutating func append(_ job: ModelJob, isDelayed: Bool) {
        guard groups[job.group] == nil else {
            groups[job.group]?.jobs.append(job)
            return
        }
        groups[job.group] = Group(jobs: [job])
        if isDelayed { delay(job.group, isDue: false) } else { makeReady(job.group) }
    }

    mutating func delay(_ group: String, isDue: Bool) {
        delayed[group] = isDue
        dueOrder.append(group)
    }

    /// The one door.
    mutating func makeReady(_ group: String, first: Bool = false) {
        guard let state = groups[group] else { return }
        if Self.isSuspect(state) {
            suspects.insert(group, at: first ? 0 : suspects.count)
            return
        }
        let lane = Self.lane(of: group), tenant = Self.tenant(of: group)
        var waiting = ready[Turns(lane: lane, tenant: tenant), default: []]
        if waiting.isEmpty { turns[lane, default: []].append(tenant) }
        waiting.insert(group, at: first ? 0 : waiting.count)
        ready[Turns(lane: lane, tenant: tenant)] = waiting
        wake()
    }

    /// Tells the worker that waits longest among those that listen; who does not listen is forgotten, up to eight.
    mutating func wake() {
        for _ in 0..<8 where !idle.isEmpty {
            let worker = idle.removeFirst()
            guard listeners.contains(worker) else { continue }
            heard[worker, default: 0] += 1
            return
        }
    }

    private mutating func resume(_ target: PauseTarget) {
        let wasPaused = paused.remove(target) != nil
        if case .tenant(let tenant) = target {
            for lane in Lane.allCases where parked[lane, default: []].contains(tenant.rawValue) {
                parked[lane]?.removeAll { $0 == tenant.rawValue }
                turns[lane, default: []].append(tenant.rawValue)
            }
        }
        if wasPaused { for _ in 0..<8 { wake() } }
    }

    private mutating func reap(_ limit: Int) -> Answer {
        hasReaped = true
        if wasAway, !hasGrace {
            isInGrace = true
            hasGrace = true
        }
        wasAway = false
        if isInGrace { return .count(0) }
        hasGrace = false
        let expired = leaseOrder.filter { leases[$0]?.hasRunOut == true }.prefix(limit)
        for group in expired {
            endLease(group)
            groups[group]?.crashes += 1
            makeReady(group, first: true)
        }
        return .count(expired.count)
    }

    private mutating func promote(_ limit: Int) -> Answer {
        let due = dueOrder.filter { delayed[$0] == true }.prefix(limit)
        dueOrder.removeAll { due.contains($0) }
        for group in due {
            delayed[group] = nil
            makeReady(group)
        }
        return .count(due.count)
    }

    mutating func endLease(_ group: String) {
        leases[group] = nil
        leaseOrder.removeAll { $0 == group }
        stale += live.filter { $0.group == group }
        stale.removeFirst(max(0, stale.count - 30))
        live.removeAll { $0.group == group }
    }
}
