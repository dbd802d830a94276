import Native

/// What one claim asks for.
package struct ClaimPlan: Sendable, Equatable {
    package struct Share: Sendable, Equatable {
        package let lane: Lane
        /// Its turn: taken before what is left goes round.
        package let quota: Int
        /// Most groups of this lane.
        package let limit: Int
    }

    struct Holding: Sendable, Equatable {
        let tenant: TenantID
        /// In use by its jobs.
        let slots: Int
    }

    /// What keeps one tenant from taking all slots.
    struct Bound: Sendable, Equatable {
        /// Of the worker in all: as many as are asked for, or more.
        let free: Int
        /// Of who may be full. Who is not named counts as holding nothing.
        let holdings: [Holding]
    }

    /// The greatest number of groups in one claim: 64 would hold Redis up for a millisecond.
    package static let largest = 32

    /// Groups in all.
    package let slots: Int
    /// Groups of lanes below `high` together.
    package let belowHigh: Int
    /// Groups of lanes below `default` together.
    package let belowDefault: Int
    /// In order of preference.
    package let lanes: [Share]
    /// nil: a tenant may have all that is asked for.
    var tenants: Bound?

    func append(to arguments: inout RedisArguments) {
        arguments.append(belowHigh)
        arguments.append(belowDefault)
        arguments.append(tenants?.free ?? slots)
        arguments.append(tenants == nil ? 0 : TenantShares.mostTimesFree)
        arguments.append(tenants?.holdings.count ?? 0)
        for holding in tenants?.holdings ?? [] {
            arguments.append(holding.tenant.rawValue)
            arguments.append(holding.slots)
        }
        for share in lanes {
            arguments.append(share.lane.rawValue)
            arguments.append(share.lane.reserveClass)
            arguments.append(share.quota)
            arguments.append(share.limit)
        }
    }
}
