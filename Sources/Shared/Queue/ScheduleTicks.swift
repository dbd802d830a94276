import Native

/// The last ticks that the scheduler has enqueued, as it keeps them in Redis.
@LoopActor package enum ScheduleTicks {
    /// HASH: a job's name to the number of its last tick.
    package nonisolated static let key = "rj:{scheduler}:ticks"

    /// By job.
    package static func last(_ redis: RedisClient) async throws(RedisError) -> [String: Int] {
        var ticks: [String: Int] = [:]
        for (name, tick) in try await redis.send(RedisCommand("HGETALL", key)).pairs {
            if let name = name.text, let tick = tick.int { ticks[name] = tick }
        }
        return ticks
    }

    /// Whether a scheduler acts.
    package static func hasLeader(_ redis: RedisClient) async throws(RedisError) -> Bool {
        try await redis.send(RedisCommand("EXISTS", LeaderKey.name)).int == 1
    }
}
