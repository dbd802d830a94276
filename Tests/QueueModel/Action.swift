import Shared

/// A step with its particulars: one call to the queue, or something that happens to it.
enum Action: Hashable, Sendable {
    case enqueue(ModelJob, dedupe: String, isDelayed: Bool)
    case claim(worker: String, Plan, isSilent: Bool)
    case claimSuspects(worker: String, slots: Int, isSilent: Bool)
    case hold(HolderVerb, Handle)
    case heartbeat([Handle], isLast: Bool)
    case reap(limit: Int)
    case promote(limit: Int)
    case pause(PauseTarget)
    case resume(PauseTarget)
    case replay(ModelJob, steps: [String: String], dedupe: String)
    /// Time passes: a lease runs out.
    case runOut(String)
    /// Time passes: a delayed group becomes due.
    case comeDue(String)
    /// Nobody reaped for a while.
    case beAway
    /// Time passes: holders had theirs to renew.
    case endGrace
    case audit
    /// What an operator sees.
    case look
    /// Done to the keys, and audited until nothing is repaired any more.
    case damage(Damage)
    case forgetScripts
    /// The clock of Redis goes back by an hour, as after a failover: the last token is ahead of it.
    case turnClockBack

    /// What a claim asks for.
    struct Plan: Hashable, Sendable {
        struct Share: Hashable, Sendable {
            let lane: Lane
            let quota: Int
            let limit: Int
        }

        let slots: Int
        let belowHigh: Int
        let belowDefault: Int
        let shares: [Share]
        /// nil: a tenant may have all.
        var bound: Bound?

        struct Bound: Hashable, Sendable {
            /// Of the worker.
            let free: Int
            /// By tenant.
            let held: [String: Int]
        }
    }

    /// Everything the holder of a lease can do for itself.
    enum HolderVerb: Hashable, Sendable {
        case ack(count: Int, remember: [String], following: [ModelJob])
        case retryLater(isDue: Bool, refund: Bool)
        case release
        case failToDead(reason: String)
        case checkpoint([String: String])
        case waiting(limit: Int)
        case merge([ModelJob])
        case held
    }
}
