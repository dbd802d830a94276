/// The keys of one shard. The braces in the prefix keep them on one cluster slot, which the scripts need.
///
/// The scripts make these from the prefix by themselves; what they hold is written here.
package struct ShardKeys: Sendable {
    /// "rj:{s07}:"
    package let prefix: String

    package init(shard: Int) { prefix = "rj:{s\(shard < 10 ? "0" : "")\(shard)}:" }

    /// LIST of a group's records, oldest first; the head stays while leased.
    package func jobs(_ group: JobGroup) -> String { prefix + "l:" + group.id }
    /// LIST of tenants with ready groups, in turn.
    package func tenants(_ lane: Lane) -> String { prefix + "t:" + lane.rawValue }
    /// LIST of a tenant's ready groups.
    package func readyGroups(_ lane: Lane, _ tenant: TenantID) -> String {
        prefix + "g:" + lane.rawValue + ":" + tenant.rawValue
    }
    /// LIST of ready groups whose head crashed workers; for the quarantine only.
    package var suspects: String { prefix + "sq" }
    /// SET of what an operator paused: `lane:<lane>`, `tenant:<tenant>`.
    package var paused: String { prefix + "ps" }
    /// LIST of paused tenants whose turn had come.
    package func parked(_ lane: Lane) -> String { prefix + "pk:" + lane.rawValue }
    /// ZSET group → lease deadline, ms of Redis TIME: the truth about what is in flight.
    package var leases: String { prefix + "fl" }
    /// HASH group → token of its lease.
    package var tokens: String { prefix + "ls" }
    /// STRING, the last token given.
    package var lastToken: String { prefix + "tk" }
    /// ZSET group → due, ms of Redis TIME.
    package var delayed: String { prefix + "dl" }
    /// HASH group → attempts of its head that failed.
    package var attempts: String { prefix + "at" }
    /// HASH group → leases of its head that ran out.
    package var crashes: String { prefix + "cr" }
    /// HASH step → value, of a job under way.
    package func steps(_ job: JobID) -> String { prefix + "cp:" + job.rawValue }
    /// LIST, a conversation's memory, with a lifetime.
    package func memory(_ group: JobGroup) -> String { prefix + "h:" + group.party }
    /// STRING, a `Handover.Cause`: who has taken a conversation from the bot; with a lifetime where that ends by itself.
    package func human(_ group: JobGroup) -> String { prefix + "hu:" + group.party }
    /// ZSET job → when its reply was begun, ms of Redis TIME, with a lifetime: the replies of the last minute. `!` → when
    /// it was first told that there were too many.
    package func replies(_ group: JobGroup) -> String { prefix + "rm:" + group.party }
    /// ZSET digest of a text that we sent → until when it is kept, ms of Redis TIME, with a lifetime.
    package func said(_ group: JobGroup) -> String { prefix + "sx:" + group.party }
    /// STRING with a lifetime: of which job a message became, `1` for the one it is named by, else `=` and its id.
    package func seen(_ dedupe: String) -> String { prefix + "d:" + dedupe }
    /// HASH `lane` and `lane|tenant` → jobs in it.
    package var lengths: String { prefix + "ct" }
    /// ZSET worker → since when it waits, ms of Redis TIME.
    package var idle: String { prefix + "idle" }
    /// STREAM, capped view of what will not run.
    package var dead: String { prefix + "dead" }
    /// HASH `at` → last pass of the reaper, `from` → the next one that may reap, after an outage; ms of Redis TIME.
    package var reaper: String { prefix + "rp" }

    /// Of no shard: the circuits of all businesses' providers, in one slot. Gone ten minutes after the last failure.
    package static let circuits = "rj:{circuits}:"
    /// STRING with a lifetime, `Circuit.text`: the circuit of that name. None: closed, without a failure.
    package static func circuit(_ name: String) -> String { circuits + "c:" + name }
    /// ZSET a circuit's name → when it last opened or closed, µs of Redis TIME that only grow, with a lifetime.
    package static let circuitChanges = circuits + "changes"
    /// ZSET a circuit's name → until when nothing goes out through it because it was too fast, ms of Redis TIME, with a
    /// lifetime.
    package static let pacing = circuits + "pacing"

    /// STRING with a lifetime, `sent` or `failed` and the provider's id: what a provider's receipts told of a message under
    /// our own id. Of no shard.
    package static func told(_ ownID: String, provider: ProviderName, tenant: String) -> String {
        "rj:told:\(tenant)|\(provider.rawValue)|\(ownID)"
    }

    /// STRING, the number of shards of the store.
    package static let shardCount = "rj:shards"

    /// A pattern for SCAN: the lists of jobs, of all shards.
    static let anyJobs = "rj:{s*}:l:*"

    /// A pattern for SCAN: who has taken which conversation, of all shards.
    static let anyHuman = "rj:{s*}:hu:*"

    /// The tenant and the conversation of a key that `human` made; nil for another key.
    static func party(ofHuman key: String) -> (tenant: String, conversation: String)? {
        guard key.hasPrefix("rj:{s"), let brace = key.firstIndex(of: "}"), key[brace...].hasPrefix("}:hu:") else {
            return nil
        }
        let parts = key[brace...].dropFirst(5).split(separator: "|", maxSplits: 1)
        return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
    }

    /// The shard and the group's id, of a key that `jobs` made; nil for another key.
    static func group(ofJobs key: String) -> (shard: Int, group: String)? {
        guard key.hasPrefix("rj:{s"), let brace = key.firstIndex(of: "}"), key[brace...].hasPrefix("}:l:"),
            let shard = Int(key[..<brace].dropFirst(5))
        else { return nil }
        return (shard, String(key[brace...].dropFirst(4)))
    }

    /// The channel on which a worker hears the numbers of shards with work.
    package static func wakeChannel(_ worker: WorkerID) -> String { "rj:wake:" + worker.rawValue }
}
