import Testing

@testable import Shared

@Suite("Lane budget")
struct LaneBudgetTests {
    private let all = Lane.allCases.map { (lane: $0, weight: $0.standardWeight) }

    private let t = TenantID("t")

    private func quotas(_ plan: ClaimPlan) -> [Lane: Int] {
        plan.lanes.reduce(into: [:]) { if $1.quota > 0 { $0[$1.lane] = $1.quota } }
    }

    @Test func `a round of claims is shared by weight`() {
        var budget = LaneBudget(lanes: all, capacity: 1000)
        #expect(
            quotas(budget.plan(upTo: 20)) == [
                .high: 8, .default: 4, .low: 2, .receipts: 2, .receiptsSync: 1, .maintenance: 1, .recordings: 1,
                .broadcasts: 1,
            ])
    }

    @Test func `single slots are shared by weight too, so that no lane starves`() {
        var budget = LaneBudget(lanes: all, capacity: 1000)
        var first: [Lane: Int] = [:]
        for _ in 0..<200 { first[budget.plan(upTo: 1).lanes[0].lane, default: 0] += 1 }
        for (lane, weight) in all { #expect(first[lane] == weight * 10) }
    }

    @Test func `a plan names every lane once, so that what one leaves goes to another`() {
        var budget = LaneBudget(lanes: all, capacity: 1000)
        for slots in [1, 3, 32] {
            #expect(Set(budget.plan(upTo: slots).lanes.map(\.lane)).count == Lane.allCases.count)
        }
    }

    @Test func `a lane has no more than its share`() {
        var budget = LaneBudget(lanes: all, capacity: 100)
        for _ in 0..<9 { budget.take(.broadcasts, of: t) }
        let plan = budget.plan(upTo: 32)
        #expect(plan.lanes.first { $0.lane == .broadcasts }?.limit == 1)
        #expect(plan.lanes.first { $0.lane == .maintenance }?.limit == 5)
        #expect(plan.lanes.first { $0.lane == .high }?.limit == 32)
        budget.take(.broadcasts, of: t)
        #expect(budget.plan(upTo: 32).lanes.first { $0.lane == .broadcasts }?.limit == 0)
    }

    @Test func `lower lanes leave what is reserved for the upper ones`() {
        var budget = LaneBudget(lanes: all, capacity: 100)
        var plan = budget.plan(upTo: 32)
        #expect(plan.slots == 32 && plan.belowHigh == 80 && plan.belowDefault == 70)
        for _ in 0..<15 { budget.take(.high, of: t) }
        for _ in 0..<10 { budget.take(.default, of: t) }
        plan = budget.plan(upTo: 32)
        #expect(plan.belowHigh == 70 && plan.belowDefault == 70)
        for _ in 0..<70 { budget.take(.default, of: t) }
        plan = budget.plan(upTo: 32)
        #expect(plan.slots == 5 && plan.belowHigh == 0 && plan.belowDefault == 0)
    }

    @Test func `a worker of one slow lane may be full of it`() {
        var budget = LaneBudget(lanes: [(.broadcasts, 1)], capacity: 10)
        let plan = budget.plan(upTo: 32)
        #expect(plan.slots == 10 && plan.belowDefault == 10 && plan.lanes[0].limit == 10)
    }

    @Test func `a full worker asks for nothing`() {
        var budget = LaneBudget(lanes: all, capacity: 1)
        #expect(budget.plan(upTo: 32).slots == 1)
        budget.take(.default, of: t)
        #expect(budget.free == 0 && budget.plan(upTo: 32).slots == 0)
        budget.giveBack(.default, of: t)
        #expect(budget.free == 1)
    }

    @Test func `a tenant is full in a lane when it holds six times what is free for that lane`() {
        var budget = LaneBudget(lanes: all, capacity: 1000)
        for _ in 0..<685 { budget.take(.default, of: t) }
        // 800 that are not reserved for `high`.
        #expect(!budget.isFull(t, in: .default))
        budget.take(.default, of: t)
        #expect(budget.isFull(t, in: .default) && budget.isFull(t, in: .broadcasts))
        #expect(!budget.isFull(t, in: .high) && !budget.isFull(TenantID("other"), in: .default))
        budget.giveBack(.default, of: t)
        #expect(!budget.isFull(t, in: .default))
    }

    @Test func `a plan names the tenants that may become full, and what is free`() {
        var budget = LaneBudget(lanes: all, capacity: 100)
        for _ in 0..<18 { budget.take(.default, of: t) }
        #expect(budget.plan(upTo: 32).tenants == .init(free: 82, holdings: []))
        budget.take(.default, of: TenantID("small"))
        #expect(budget.plan(upTo: 32).tenants == .init(free: 81, holdings: [.init(tenant: t, slots: 18)]))
    }

    @Test
    func `a tenant that is nearly full has turns for the slots that it may take, so that none of its lanes starves`() {
        var budget = LaneBudget(lanes: all, capacity: 1000)
        for _ in 0..<684 { budget.take(.default, of: t) }
        var turns: [Lane: Int] = [:]
        for _ in 0..<100 {
            let plan = budget.plan(upTo: 32)
            #expect(plan.slots == 32 && plan.lanes.map(\.quota).reduce(0, +) == 2)
            for (lane, quota) in quotas(plan) { turns[lane, default: 0] += quota }
        }
        for (lane, weight) in all { #expect(turns[lane] == weight * 10) }
    }
}
