import Native
import Shared

/// One scheduler acts, the others stand by: a lock in Redis that its holder renews, with a token that only grows.
@LoopActor final class Leadership {
    /// How long the leader's silence lasts before a standby takes over. Shorter than what the reaper takes for an outage:
    /// after one it waits for holders, and what died with the leader would wait too. To lose the leadership in a slow pass
    /// harms nothing.
    static let lifetime: Duration = .seconds(3)

    private enum Key {
        static let leader = LeaderKey.name
        static let token = "rj:{scheduler}:token"
        static let ticks = ScheduleTicks.key
    }

    private enum Script {
        static let lead = RedisScript(name: "lead", source: PackageResources.lead_lua)
        static let resign = RedisScript(name: "resign", source: PackageResources.resign_lua)
        static let tick = RedisScript(name: "tick", source: PackageResources.tick_lua)
    }

    /// The right to act, until somebody else has a newer one.
    struct Term: Equatable, Sendable {
        let token: Int
        /// The server's time when the term was taken or renewed.
        let now: WallTime
    }

    private let redis: RedisClient
    private let id: String

    /// - Parameter id: of this scheduler; no other may have it.
    init(redis: RedisClient, id: String) {
        self.redis = redis
        self.id = id
    }

    /// Takes or renews the leadership; nil when somebody else has it.
    func lead() async throws(RedisError) -> Term? {
        var arguments = RedisArguments()
        arguments.append(id)
        arguments.append(Self.lifetime.milliseconds)
        let reply = try await redis.run(Script.lead, keys: [Key.leader, Key.token], arguments: arguments)
        guard let token = reply.items?.first?.int, let now = reply.items?.last?.int, token > 0 else { return nil }
        return Term(token: token, now: WallTime(milliseconds: Int64(now)))
    }

    /// Lets a standby act at once.
    func resign() async throws(RedisError) {
        _ = try await redis.run(Script.resign, keys: [Key.leader], arguments: [id])
    }

    /// The last ticks that were enqueued, by job.
    func lastTicks() async throws(RedisError) -> [String: Int] { try await ScheduleTicks.last(redis) }

    /// Remembers a tick. False when this term is over.
    func remember(_ tick: Int, of job: String, _ term: Term) async throws(RedisError) -> Bool {
        var arguments = RedisArguments()
        arguments.append(term.token)
        arguments.append(job)
        arguments.append(tick)
        return try await redis.run(Script.tick, keys: [Key.leader, Key.ticks], arguments: arguments).int == 1
    }
}
