/// What an operator can pause. Its jobs are accepted and wait; those under way finish.
package enum PauseTarget: Sendable, Hashable {
    /// A queue, for all businesses.
    case lane(Lane)
    /// A business, in all queues.
    case tenant(TenantID)

    /// As in the set of what is paused.
    var member: String {
        switch self {
        case .lane(let lane): "lane:\(lane.rawValue)"
        case .tenant(let tenant): "tenant:\(tenant.rawValue)"
        }
    }

    /// nil when the text is no member of that set.
    package init?(member: String) {
        let parts = member.split(separator: ":", maxSplits: 1).map(String.init)
        switch (parts.first, parts.last) {
        case ("lane", let name?):
            guard let lane = Lane(rawValue: name) else { return nil }
            self = .lane(lane)
        case ("tenant", let name?) where parts.count == 2: self = .tenant(TenantID(name))
        default: return nil
        }
    }
}
