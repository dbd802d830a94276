import Native

extension RedisQueue {
    /// Looks whether this Redis can keep the queue's promises, and fixes the number of shards at the first use.
    ///
    /// - Returns: warnings for the operator.
    /// - Throws: `.rejected` with the reason when it cannot.
    package func prepare() async throws(QueueError) -> [String] {
        let info = ServerInfo(try await ask(RedisCommand("INFO")).text ?? "")
        if let refusal = info.refusal { throw .rejected(refusal) }
        let stored = try await shardCount()
        guard stored == sharding.count else {
            throw .rejected(
                "this Redis was set up with \(stored ?? 0) shards, and this process is set to \(sharding.count)")
        }
        return info.warnings
    }

    /// Written once only: a full Redis refuses every SET, and what would drain it could not start.
    private func shardCount() async throws(QueueError) -> Int? {
        if let stored = try await ask(RedisCommand("GET", ShardKeys.shardCount)).int { return stored }
        _ = try await ask(RedisCommand("SET", ShardKeys.shardCount, String(sharding.count), "NX"))
        return try await ask(RedisCommand("GET", ShardKeys.shardCount)).int
    }

    private func ask(_ command: RedisCommand) async throws(QueueError) -> RedisValue {
        do throws(RedisError) { return try await client.send(command) } catch { throw QueueError(error) }
    }
}
