import Shared

/// What the queue says to a call, in the model's words.
enum Answer: Equatable, Sendable {
    case done
    case leaseLost
    case enqueued(EnqueueResult)
    /// The job that was to be replayed lives.
    case stands
    case claimed([Grant], hasMore: Bool, withheld: Set<ModelQueue.Turns>, suspects: Int)
    case held(Grant)
    case jobs([String])
    case lost(Set<String>)
    case count(Int)
    /// Without ages.
    case overview(QueueInspection)
    /// Whether the audit found anything.
    case repaired(Bool)
    /// The first word of the error.
    case rejected(String)

    /// What the holder of a lease is told, but for token and times.
    struct Grant: Equatable, Sendable {
        let group: String
        let job: ModelJob
        let attempts: Int
        let crashes: Int
        let behind: Int
        let steps: [String: String]
    }
}

extension Answer: CustomStringConvertible {
    var description: String {
        switch self {
        case .done: "done"
        case .leaseLost: "lease lost"
        case .enqueued(let result): "\(result)"
        case .stands: "stands"
        case .claimed(let grants, let hasMore, let withheld, let suspects):
            "\(grants.isEmpty ? "nothing" : grants.map(\.description).joined(separator: ", "))"
                + "\(hasMore ? "; there is more" : "")"
                + withheld.map { "; \($0.tenant) is full in \($0.lane.rawValue)" }.sorted().joined()
                + "\(suspects > 0 ? "; \(suspects) suspects" : "")"
        case .held(let grant): "\(grant)"
        case .jobs(let jobs): jobs.isEmpty ? "nothing" : jobs.joined(separator: " ")
        case .lost(let groups): groups.isEmpty ? "none lost" : "lost \(groups.sorted().joined(separator: ", "))"
        case .count(let count): "\(count)"
        case .overview(let seen):
            Lane.allCases.filter { seen[$0].depth > 0 }
                .map { "\($0.rawValue) \(seen[$0].depth)/\(seen[$0].inFlight) paused: \(seen[$0].pause)" }
                .joined(separator: ", ")
                + "; delayed \(seen.delayed), suspects \(seen.suspects), dead \(seen.deadInView)"
        case .repaired(let found): found ? "repaired" : "nothing to repair"
        case .rejected(let word): word
        }
    }
}

extension Answer.Grant: CustomStringConvertible {
    var description: String {
        "\(job.id) of \(group) (attempt \(attempts), crashes \(crashes), \(behind) behind"
            + (steps.isEmpty ? ")" : ", steps \(steps))")
    }
}
