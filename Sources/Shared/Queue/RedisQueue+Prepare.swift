import Native

extension RedisQueue {
    /// Looks whether this Redis can keep the queue's promises, and fixes the number of shards at the first use.
    ///
    /// - Returns: warnings for the operator.
    /// - Throws: `.rejected` with the reason when it cannot.
    package func prepare() async throws(QueueError) -> [String] {
        let info = ServerInfo(try await ask(RedisCommand("INFO")).text ?? "")
        if let refusal = info.refusal { throw .rejected(refusal) }
        // Written once only: a full Redis refuses every SET, and what would drain it could not start.
        if try await ask(RedisCommand("EXISTS", ShardKeys.shardCount)).int == 0 {
            _ = try await ask(RedisCommand("SET", ShardKeys.shardCount, String(sharding.count), "NX"))
        }
        try await requireShards()
        return info.warnings
    }

    /// Changes nothing. A Redis that was never used is fine.
    ///
    /// - Throws: `.rejected` when it was set up with another number of shards.
    package func requireShards() async throws(QueueError) {
        let stored = try await ask(RedisCommand("GET", ShardKeys.shardCount)).int
        guard stored ?? sharding.count == sharding.count else {
            throw .rejected(
                "this Redis was set up with \(stored ?? 0) shards, and this process is set to \(sharding.count)")
        }
    }

    private func ask(_ command: RedisCommand) async throws(QueueError) -> RedisValue {
        do throws(RedisError) { return try await client.send(command) } catch { throw QueueError(error) }
    }
}
