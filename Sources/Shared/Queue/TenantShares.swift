/// Counts the slots of a worker by who holds them, so that no tenant takes them all. No clock, no I/O.
///
/// A tenant is full when it holds so many times what is free: alone it gets six of seven slots, two that want all get six
/// of thirteen each. So there is always something free for who comes next, however long the jobs of the others take, and
/// nothing is set apart for tenants that are not there. The rule is that of dynamic thresholds for packets in shared
/// buffers (Choudhury and Hahne, IEEE/ACM Transactions on Networking 6(2), 1998).
struct TenantShares: Sendable {
    /// A tenant is full when it holds this many times what is free, or more. Fewer than seven slots are nobody's bound.
    static let mostTimesFree = 6

    private let capacity: Int
    /// Who holds less is not named: it cannot be full, or its overshoot is small.
    private let large: Int
    private var held: [TenantID: Int] = [:]
    private var largeOnes: Set<TenantID> = []

    /// - Parameter capacity: slots in all, 1 or more.
    init(capacity: Int) {
        self.capacity = capacity
        large = max(1, capacity / 16)
    }

    mutating func take(_ tenant: TenantID) {
        let now = held[tenant, default: 0] + 1
        held[tenant] = now
        if now == large { largeOnes.insert(tenant) }
    }

    mutating func giveBack(_ tenant: TenantID) {
        guard let before = held[tenant] else { preconditionFailure("more slots of a tenant given back than taken") }
        held[tenant] = before == 1 ? nil : before - 1
        if before == large { largeOnes.remove(tenant) }
    }

    /// - Parameter free: slots that a job of the same kind could have.
    func isFull(_ tenant: TenantID, free: Int) -> Bool {
        held[tenant, default: 0] >= Self.mostTimesFree * free
    }

    /// Those that may be full, or become it within a claim: 31 at most, and none if half of the slots are free after it.
    ///
    /// - Parameter inFlight: slots in use.
    func holdings(inFlight: Int) -> [ClaimPlan.Holding] {
        guard inFlight + ClaimPlan.largest > capacity / 2 else { return [] }
        return largeOnes.map { ClaimPlan.Holding(tenant: $0, slots: held[$0, default: 0]) }
    }

    /// How many more slots a tenant may take that holds so many, if nobody else does. 0 or less: it is full.
    static func left(holding slots: Int, free: Int) -> Int {
        // The greatest k with slots + k - 1 < 6 · (free - k + 1).
        (mostTimesFree * (free + 1) - slots) / (mostTimesFree + 1)
    }
}
