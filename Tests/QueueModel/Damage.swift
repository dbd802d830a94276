@testable import Shared

/// What somebody did to the keys by hand, or a Redis that lost some. The audit must put it right.
enum Damage: Hashable, Sendable {
    case lostToken(String)
    case lostLease(String)
    /// A ready, suspected or delayed group that stands nowhere.
    case lostPlace(String)
    /// A leased group that is delayed as well.
    case delayedTwice(String)
    /// A leased group that is ready as well.
    case readyTwice(String)
    /// A ready group that stands twice in its list.
    case doubled(String)
    case doubledSuspect(String)
    case lostTurn(ModelQueue.Turns)
    case secondTurn(ModelQueue.Turns)
    case miscounted(field: String)
    /// A lease of a group without jobs.
    case emptyLease(String)
    /// Attempts of a group without jobs.
    case emptyAttempts(String)
}

extension ModelQueue {
    /// All that can be broken now, in a fixed order.
    var breakable: [Damage] {
        let tenants = Lane.allCases.flatMap { lane in
            turns[lane, default: []].map { Turns(lane: lane, tenant: $0) }
        }
        let ids = groups.keys.sorted(), inLists = ready.values.flatMap(\.self).sorted()
        var all: [Damage] = leases.keys.sorted().flatMap {
            [.lostToken($0), .lostLease($0), .delayedTwice($0), .readyTwice($0)]
        }
        all += (inLists + suspects + delayed.keys.sorted()).map { .lostPlace($0) }
        all += inLists.map { .doubled($0) } + suspects.map { .doubledSuspect($0) }
        all += tenants.flatMap { [.lostTurn($0), .secondTurn($0)] }
        all += Set(ids.map { Self.lane(of: $0).rawValue }).sorted().map { .miscounted(field: $0) }
        all += ids.prefix(5).flatMap { [.emptyLease($0 + "-gone"), .emptyAttempts($0 + "-gone")] }
        return all
    }

    /// What the audit makes of it: a group without a place is ready before its tenant's others, a tenant without a
    /// turn has the last one.
    mutating func apply(_ damage: Damage) {
        switch damage {
        case .lostToken(let group), .lostLease(let group):
            endLease(group)
            makeReady(group, first: true)
        case .lostPlace(let group):
            removePlace(of: group)
            makeReady(group, first: true)
        case .lostTurn(let turn):
            removeTurns(turn)
            turns[turn.lane, default: []].append(turn.tenant)
            wake()
        case .secondTurn(let turn):
            removeTurns(turn)
            turns[turn.lane, default: []].append(turn.tenant)
        case .delayedTwice, .readyTwice, .doubled, .doubledSuspect, .miscounted, .emptyLease, .emptyAttempts: break
        }
    }

    private mutating func removePlace(of group: String) {
        delayed[group] = nil
        dueOrder.removeAll { $0 == group }
        suspects.removeAll { $0 == group }
        let turn = Turns(lane: Self.lane(of: group), tenant: Self.tenant(of: group))
        guard var waiting = ready[turn], waiting.contains(group) else { return }
        waiting.removeAll { $0 == group }
        ready[turn] = waiting.isEmpty ? nil : waiting
        if waiting.isEmpty { removeTurns(turn) }
    }

    private mutating func removeTurns(_ turn: Turns) {
        turns[turn.lane]?.removeAll { $0 == turn.tenant }
        parked[turn.lane]?.removeAll { $0 == turn.tenant }
    }
}
