import Native

/// The last ticks that the scheduler has enqueued, as it keeps them in Redis.
@LoopActor package enum ScheduleTicks {
    /// HASH: a job's name to the number of its last tick.
    package nonisolated static let key = "rj:{scheduler}:ticks"

    /// By job.
    package static func last(_ redis: RedisClient) async throws(RedisError) -> [String: Int] {
        let fields = try await redis.send(RedisCommand("HGETALL", key)).items ?? []
        var ticks: [String: Int] = [:]
        for place in stride(from: 0, to: fields.count - 1, by: 2) {
            if let name = fields[place].text, let tick = fields[place + 1].text.flatMap({ Int($0) }) {
                ticks[name] = tick
            }
        }
        return ticks
    }

    /// Whether a scheduler acts.
    package static func hasLeader(_ redis: RedisClient) async throws(RedisError) -> Bool {
        try await redis.send(RedisCommand("EXISTS", LeaderKey.name)).int == 1
    }
}
