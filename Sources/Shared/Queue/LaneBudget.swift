/// Decides which lanes a worker's free slots go to. No clock, no I/O.
///
/// By weight while all lanes have work (smooth weighted round robin, so that even single slots are spread), never
/// more than a lane's share, and never into what is reserved for a lane above. A lane's own unused part goes to the
/// others. No tenant gets all of it: see `TenantShares`.
package struct LaneBudget: Sendable {
    private struct Entry: Sendable {
        let lane: Lane
        let weight: Int
        /// Slots, 1 or more.
        let most: Int
        let reserved: Int
        var credit = 0
        var inFlight = 0
    }

    /// Slots in all.
    package let capacity: Int
    private var entries: [Entry]
    private let totalWeight: Int
    private var tenants: TenantShares

    /// - Parameters:
    ///   - lanes: at least one, each once; weights from 1.
    ///   - capacity: jobs at the same time, 1 or more.
    package init(lanes: [(lane: Lane, weight: Int)], capacity: Int) {
        self.capacity = capacity
        // A worker of slow lanes only may be full of them.
        let greatest = lanes.map(\.lane.mostSlotsShare).max() ?? 100
        entries = lanes.map { lane, weight in
            Entry(
                lane: lane, weight: weight, most: max(1, capacity * lane.mostSlotsShare / greatest),
                reserved: lanes.count == 1 ? 0 : capacity * lane.reservedShare / 100)
        }
        totalWeight = lanes.reduce(0) { $0 + $1.weight }
        tenants = TenantShares(capacity: capacity)
    }

    /// The slots nobody works in.
    package var free: Int { capacity - inFlight }

    package var inFlight: Int { entries.reduce(0) { $0 + $1.inFlight } }

    package mutating func take(_ lane: Lane, of tenant: TenantID) {
        change(lane, by: 1)
        tenants.take(tenant)
    }

    package mutating func giveBack(_ lane: Lane, of tenant: TenantID) {
        change(lane, by: -1)
        tenants.giveBack(tenant)
    }

    private mutating func change(_ lane: Lane, by difference: Int) {
        guard let index = entries.firstIndex(where: { $0.lane == lane }) else { return }
        entries[index].inFlight += difference
        precondition(entries[index].inFlight >= 0, "more \(lane) slots given back than taken")
    }

    /// What to ask one shard for. Turns the wheel: the next plan begins with another lane.
    ///
    /// - Parameter most: groups in one claim.
    package mutating func plan(upTo most: Int) -> ClaimPlan {
        let slots = max(0, min(most, free)), holdings = tenants.holdings(inFlight: inFlight)
        // A tenant that is nearly full has as many turns as slots, or its first lane would have all of them.
        let turns = holdings.reduce(slots) {
            min($0, max(1, TenantShares.left(holding: $1.slots, free: belowHigh)))
        }
        var quotas = [Int](repeating: 0, count: entries.count)
        var order: [Int] = []
        for _ in 0..<turns {
            let next = turn()
            if quotas[next] == 0 { order.append(next) }
            quotas[next] += 1
        }
        let others = entries.indices.filter { quotas[$0] == 0 }.sorted { entries[$0].credit > entries[$1].credit }
        let lanes = (order + others).map { index in
            let entry = entries[index]
            return ClaimPlan.Share(
                lane: entry.lane, quota: quotas[index], limit: max(0, min(slots, entry.most - entry.inFlight)))
        }
        return ClaimPlan(
            slots: slots, belowHigh: belowHigh, belowDefault: belowDefault, lanes: lanes,
            tenants: .init(free: free, holdings: holdings))
    }

    /// Whether a tenant gets no more slots for jobs of this lane, until it gives one back or more are free.
    package func isFull(_ tenant: TenantID, in lane: Lane) -> Bool {
        tenants.isFull(tenant, free: free(for: lane))
    }

    private func free(for lane: Lane) -> Int {
        switch lane.reserveClass {
        case 1: free
        case 2: belowHigh
        default: belowDefault
        }
    }

    /// Free for lanes below `high`, and for those below `default`.
    private var belowHigh: Int { max(0, free - unused(.high)) }

    private var belowDefault: Int { max(0, belowHigh - unused(.default)) }

    private func unused(_ lane: Lane) -> Int {
        entries.first { $0.lane == lane }.map { max(0, $0.reserved - $0.inFlight) } ?? 0
    }

    /// The lane whose turn it is.
    private mutating func turn() -> Int {
        var best = 0
        for index in entries.indices {
            entries[index].credit += entries[index].weight
            if entries[index].credit > entries[best].credit { best = index }
        }
        entries[best].credit -= totalWeight
        return best
    }
}
