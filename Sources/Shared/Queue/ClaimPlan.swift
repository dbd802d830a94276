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

    func append(to arguments: inout RedisArguments) {
        arguments.append(belowHigh)
        arguments.append(belowDefault)
        for share in lanes {
            arguments.append(share.lane.rawValue)
            arguments.append(share.lane.reserveClass)
            arguments.append(share.quota)
            arguments.append(share.limit)
        }
    }
}
