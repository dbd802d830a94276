import Shared

/// While a tenant waits with something ready, no other one gets a second turn in that lane, but by claims for which it is
/// full.
struct TurnRule: Sendable {
    /// By who waits: who had a turn meanwhile.
    private var overtaken: [ModelQueue.Turns: Set<String>] = [:]

    /// - Parameters:
    ///   - turns: who has something ready after these grants.
    ///   - withheld: who was full for the worker that got them.
    mutating func note(
        _ grants: [Answer.Grant], turns: [Lane: [String]], withheld: Set<ModelQueue.Turns>
    ) throws(Violation) {
        for grant in grants where grant.crashes < ModelQueue.suspectAfter {
            let mine = ModelQueue.Turns(lane: grant.job.lane, tenant: grant.job.tenant)
            // Who has nothing more after this does not wait any more.
            overtaken[mine] = turns[mine.lane, default: []].contains(mine.tenant) ? [] : nil
            for waiting in overtaken.keys
            where waiting.lane == mine.lane && waiting != mine && !withheld.contains(waiting) {
                guard overtaken[waiting]!.insert(mine.tenant).inserted else {
                    throw Violation(
                        kind: .turn, what: "\(mine.tenant) had two turns in \(mine.lane) while \(waiting.tenant) waits")
                }
            }
        }
        var now: [ModelQueue.Turns: Set<String>] = [:]
        for (lane, tenants) in turns {
            for tenant in tenants {
                let waiting = ModelQueue.Turns(lane: lane, tenant: tenant)
                now[waiting] = overtaken[waiting] ?? []
            }
        }
        overtaken = now
    }
}
