import Testing

@testable import Shared

@Suite("Tenant shares")
struct TenantSharesTests {
    private let a = TenantID("a"), b = TenantID("b")

    /// Takes slots for these tenants in turn until all are full. Returns what each has.
    private func fill(_ capacity: Int, _ tenants: [TenantID]) -> [TenantID: Int] {
        var shares = TenantShares(capacity: capacity)
        var held: [TenantID: Int] = [:]
        var free = capacity
        while let tenant = tenants.filter({ free > 0 && !shares.isFull($0, free: free) }).min(by: {
            held[$0, default: 0] < held[$1, default: 0]
        }) {
            shares.take(tenant)
            held[tenant, default: 0] += 1
            free -= 1
        }
        return held
    }

    @Test(arguments: [(1, 1), (6, 6), (7, 6), (14, 12), (40, 35), (700, 600), (1000, 858)])
    func `a tenant alone gets six of seven slots, and all where there are fewer`(capacity: Int, most: Int) {
        #expect(fill(capacity, [a]) == [a: most])
    }

    @Test func `two get as much as each other, and leave some free`() {
        #expect(fill(1300, [a, b]) == [a: 600, b: 600])
    }

    @Test func `the more of them take what they can, the less is free, and never nothing`() {
        for count in [3, 10, 50] {
            let held = fill(1000, (0..<count).map { TenantID("t\($0)") })
            #expect(held.count == count && held.values.reduce(0, +) < 1000)
        }
    }

    @Test(arguments: [0, 1, 5, 6, 7, 30, 99, 200], [0, 1, 2, 6, 7, 32, 40, 400])
    func `what is left is how often a tenant can take until it is full`(holding: Int, free: Int) {
        var shares = TenantShares(capacity: 1000)
        for _ in 0..<holding { shares.take(a) }
        var taken = 0
        while !shares.isFull(a, free: free - taken) {
            shares.take(a)
            taken += 1
        }
        #expect(max(0, TenantShares.left(holding: holding, free: free)) == taken)
    }

    @Test func `who holds much is named as soon as half may be in use, and nobody else`() {
        var shares = TenantShares(capacity: 160)
        for _ in 0..<10 { shares.take(a) }
        for _ in 0..<9 { shares.take(b) }
        #expect(shares.holdings(inFlight: 48).isEmpty)
        #expect(shares.holdings(inFlight: 49) == [.init(tenant: a, slots: 10)])
        shares.take(b)
        #expect(Set(shares.holdings(inFlight: 49).map(\.tenant)) == [a, b])
        shares.giveBack(a)
        #expect(shares.holdings(inFlight: 49) == [.init(tenant: b, slots: 10)])
    }

    @Test func `while half is free nobody can be full, whatever is reserved`() {
        // What is reserved above the lowest lanes is 30 of 100.
        for capacity in 1...200 {
            let inFlight = capacity / 2, free = capacity - inFlight - capacity * 30 / 100
            #expect(free <= 0 || inFlight < TenantShares.mostTimesFree * free)
        }
    }
}
