@testable import Shared

/// What one shard must hold, as plain values: QUEUE's positions and nothing of Redis. No I/O, no clock.
///
/// `apply` does what a call should do and returns what it should answer. Two things are the world's to say: the tokens
/// of a claim (`grant`), and in which order things of the same millisecond stand (`arrange`).
struct ModelQueue: Sendable {
    struct Group: Sendable {
        /// Never empty; the head is being worked while the group is leased.
        var jobs: [ModelJob]
        /// Attempts of the head that failed, and leases that ran out under it.
        var failures = 0
        var crashes = 0
    }

    struct Lease: Sendable {
        let token: String
        var hasRunOut: Bool
    }

    struct Turns: Hashable, Sendable {
        let lane: Lane
        let tenant: String
    }

    struct Offer: Sendable {
        let job: ModelJob
        let dedupe: String
    }

    struct DeadJob: Sendable {
        let job: ModelJob
        /// What it had recorded.
        let steps: [String: String]
        /// Which death of it this is.
        let death: Int
    }

    let options: RedisQueue.Options
    /// Workers that hear wake-ups.
    let listeners: Set<String>

    var groups: [String: Group] = [:]
    // Where a group is: in exactly one of these.
    var ready: [Turns: [String]] = [:]
    var suspects: [String] = []
    var leases: [String: Lease] = [:]
    var delayed: [String: Bool] = [:]

    /// Tenants in turn.
    var turns: [Lane: [String]] = [:]
    var parked: [Lane: [String]] = [:]
    var paused: Set<PauseTarget> = []
    /// Groups by the end of their lease, and by when they are due.
    var leaseOrder: [String] = []
    var dueOrder: [String] = []
    /// By job.
    var steps: [String: [String: String]] = [:]
    /// By party.
    var memory: [String: [String]] = [:]
    /// The job by the dedupe key.
    var seen: [String: String] = [:]
    /// Workers, who waits longest first, each with the lanes in which it was told of nothing more.
    var idle: [String] = []
    var idleFor: [String: Set<Lane>] = [:]
    /// Wake-ups that were heard.
    var heard: [String: Int] = [:]
    /// What would be in Postgres, by job, and how many burials the view has seen.
    var dead: [String: DeadJob] = [:]
    var burials: [String] = []
    /// The latest that were to be replayed.
    var replays: [DeadJob] = []
    var deaths: [String: Int] = [:]
    var wasAway = false
    var isInGrace = false
    /// Holders got time to renew, and no pass has reaped since.
    var hasGrace = false
    var hasReaped = false

    // What steps choose from.
    var live: [Handle] = []
    var stale: [Handle] = []
    var jobCount = 0
    var noteCount = 0
    /// Messages that became a job, or would have, had there been room.
    var offered: [Offer] = []

    init(options: RedisQueue.Options, listeners: Set<String>) {
        self.options = options
        self.listeners = listeners
    }

    static let suspectAfter = 2

    static func isSuspect(_ group: Group) -> Bool { group.crashes >= suspectAfter }

    static func lane(of group: String) -> Lane { Lane(rawValue: String(group.prefix { $0 != "|" }))! }

    static func tenant(of group: String) -> String {
        String(group.split(separator: "|", maxSplits: 2, omittingEmptySubsequences: false)[1])
    }

    func isPaused(_ lane: Lane) -> Bool { paused.contains(.lane(lane)) }
    func isPaused(tenant: String) -> Bool { paused.contains(.tenant(TenantID(tenant))) }

    /// A lane in which somebody's turn could come at once.
    func hasClaimable(in lane: Lane) -> Bool {
        !isPaused(lane) && turns[lane, default: []].contains { !isPaused(tenant: $0) }
    }

    func length(of lane: Lane) -> Int { length { $0.lane == lane } }

    func length(where isCounted: (ModelJob) -> Bool) -> Int {
        groups.values.reduce(0) { isCounted($1.jobs[0]) ? $0 + $1.jobs.count : $0 }
    }
}
