@testable import Shared

extension ModelQueue {
    mutating func claim(_ plan: Action.Plan, for worker: String, _ isSilent: Bool) -> Answer {
        let suspected = openSuspects.count
        idle.removeAll { $0 == worker }
        if plan.slots == 0 {
            if plan.shares.contains(where: { !turns[$0.lane, default: []].isEmpty && !isPaused($0.lane) }) { wake() }
            return .claimed([], hasMore: false, withheld: [], suspects: suspected)
        }
        var room = Room(plan)
        var full: [Lane: [String]] = [:]
        var grants: [Answer.Grant] = []
        var limits: [Int] = []
        for share in plan.shares {
            let limit = isPaused(share.lane) ? 0 : share.limit
            let taken = take(min(limit, share.quota), from: share.lane, &room, &full, isSilent)
            grants += taken
            limits.append(limit - taken.count)
        }
        for (share, limit) in zip(plan.shares, limits) {
            grants += take(limit, from: share.lane, &room, &full, isSilent)
        }
        let open = plan.shares.map(\.lane).filter { !isPaused($0) }
        let hasMore = open.contains { !turns[$0, default: []].isEmpty }
        for (lane, tenants) in full { turns[lane] = tenants + turns[lane, default: []] }
        if room.left(for: 1) > 0 {
            idle.append(worker)
            idleFor[worker] = hasMore ? [] : Set(plan.shares.map(\.lane)).subtracting(full.keys)
        }
        let withheld = Set(full.flatMap { lane, tenants in tenants.map { Turns(lane: lane, tenant: $0) } })
        return .claimed(grants, hasMore: hasMore, withheld: withheld, suspects: suspected)
    }

    /// Slots, how many of them the lanes of the second and of the third class may have, and what each tenant holds.
    private struct Room {
        var slots: [Int]
        /// Free, and not asked for.
        private let beyond: Int
        /// nil: nobody is bound.
        private var held: [String: Int]?

        init(_ plan: Action.Plan) {
            slots = [plan.slots, plan.belowHigh, plan.belowDefault]
            beyond = (plan.bound?.free ?? plan.slots) - plan.slots
            held = plan.bound?.held
        }

        func isFull(_ tenant: String, for reserveClass: Int) -> Bool {
            guard let held else { return false }
            let free = min(slots[0] + beyond, left(for: reserveClass, from: 1))
            return held[tenant, default: 0] >= 6 * free
        }

        private func left(for reserveClass: Int, from first: Int) -> Int {
            slots.prefix(reserveClass).dropFirst(first).min() ?? .max
        }

        func left(for reserveClass: Int) -> Int { slots.prefix(reserveClass).min() ?? 0 }

        mutating func use(_ reserveClass: Int, by tenant: String) {
            for index in 0..<reserveClass { slots[index] -= 1 }
            held?[tenant, default: 0] += 1
        }
    }

    /// One tenant after the other. A paused one is parked instead, a full one is set aside.
    private mutating func take(
        _ most: Int, from lane: Lane, _ room: inout Room, _ full: inout [Lane: [String]], _ isSilent: Bool
    ) -> [Answer.Grant] {
        var taken: [Answer.Grant] = []
        while taken.count < most, room.left(for: lane.reserveClass) > 0, !turns[lane, default: []].isEmpty {
            let tenant = turns[lane, default: []].removeFirst()
            if isPaused(tenant: tenant) {
                parked[lane, default: []].append(tenant)
                continue
            }
            if room.isFull(tenant, for: lane.reserveClass) {
                full[lane, default: []].append(tenant)
                continue
            }
            var waiting = ready[Turns(lane: lane, tenant: tenant), default: []]
            let group = waiting.removeFirst()
            ready[Turns(lane: lane, tenant: tenant)] = waiting.isEmpty ? nil : waiting
            if !waiting.isEmpty { turns[lane, default: []].append(tenant) }
            taken.append(lease(group, isSilent))
            room.use(lane.reserveClass, by: tenant)
        }
        return taken
    }

    /// Paused ones stay.
    mutating func claimSuspects(_ slots: Int, _ isSilent: Bool) -> Answer {
        let open = openSuspects
        let taken = open.prefix(slots)
        suspects.removeAll { taken.contains($0) }
        return .claimed(taken.map { lease($0, isSilent) }, hasMore: false, withheld: [], suspects: open.count)
    }

    private var openSuspects: [String] {
        suspects.filter { !isPaused(Self.lane(of: $0)) && !isPaused(tenant: Self.tenant(of: $0)) }
    }

    private mutating func lease(_ group: String, _ isSilent: Bool) -> Answer.Grant {
        leases[group] = Lease(token: "", hasRunOut: isSilent)
        leaseOrder.append(group)
        return grant(of: group)
    }

    func grant(of id: String) -> Answer.Grant {
        let group = groups[id]!, job = group.jobs[0]
        return Answer.Grant(
            group: id, job: job, attempts: 1 + group.failures, crashes: group.crashes, behind: group.jobs.count - 1,
            steps: steps[job.id] ?? [:])
    }

    /// The tokens that a claim gave.
    mutating func grant(_ handles: [Handle]) {
        for handle in handles {
            leases[handle.group] = Lease(token: handle.token, hasRunOut: leases[handle.group]?.hasRunOut ?? false)
        }
        live += handles
    }

    /// Takes over how Redis orders what is due, what runs out and who waits: by times that the model does not know.
    mutating func arrange(leases: [String], due: [String], idle: [String]) {
        leaseOrder = leases
        dueOrder = due
        self.idle = idle
    }
}
