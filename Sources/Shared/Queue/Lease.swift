import Native

/// Grows with every claim of a shard. A step that carries an older one changes nothing.
package struct LeaseToken: Sendable, Hashable {
    package let rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }
}

/// A group that is ours until `deadline`, and the job at its head.
///
/// A class, because whoever has to do with a job under way holds it: as a value it would be a quarter of a kilobyte in each.
package final class Lease: Sendable {
    package let shard: Int
    package let group: JobGroup
    package let token: LeaseToken
    package let job: Job
    /// This one included; 1 or more.
    package let attempts: Int
    /// Leases of this job that ran out.
    package let crashes: Int
    /// Since it was enqueued, by the clock of Redis.
    package let wait: Duration
    /// Jobs of the group that wait behind this one.
    package let behind: Int
    /// What former attempts recorded.
    package let checkpoint: [String: String]
    /// By this machine's clock, and never later than what Redis thinks. Of the claim: heartbeats extend it.
    package let deadline: MonotonicInstant

    init(
        shard: Int, group: JobGroup, token: LeaseToken, job: Job, attempts: Int, crashes: Int, wait: Duration,
        behind: Int, checkpoint: [String: String], deadline: MonotonicInstant
    ) {
        self.shard = shard
        self.group = group
        self.token = token
        self.job = job
        self.attempts = attempts
        self.crashes = crashes
        self.wait = wait
        self.behind = behind
        self.checkpoint = checkpoint
        self.deadline = deadline
    }
}
