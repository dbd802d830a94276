import Native

/// What an operator looks at. Nothing here changes anything.
extension RedisQueue {
    /// - Parameters:
    ///   - groups: looked at in each lane and shard for their age, 1...100. Bounds how long one script holds Redis.
    ///   - leases: looked at in each shard for their lane, 1...1000.
    package func inspect(groups: Int = 32, leases: Int = 1000) async throws(QueueError) -> QueueInspection {
        var arguments = RedisArguments()
        arguments.append(groups)
        arguments.append(leases)
        for lane in Lane.allCases { arguments.append(lane.rawValue) }
        var shards: [QueueInspection.Shard] = []
        for reply in try await runEverywhere(scripts.inspect, arguments) {
            guard let shard = QueueInspection.Shard(reply.items?.map { $0.int ?? 0 } ?? []) else {
                throw .rejected("inspect answered \(reply)")
            }
            shards.append(shard)
        }
        return QueueInspection(shards)
    }

    /// Jobs of one tenant in all lanes, waiting and under way.
    package func jobs(of tenant: TenantID) async throws(QueueError) -> Int {
        var jobs = 0
        for shard in 0..<sharding.count {
            var command = RedisCommand("HMGET", keys(of: shard).lengths)
            for lane in Lane.allCases { command.append("\(lane.rawValue)|\(tenant.rawValue)") }
            do throws(RedisError) {
                let reply = try await client.send(command)
                jobs += (reply.items ?? []).reduce(0) { $0 + ($1.int ?? 0) }
            } catch { throw QueueError(error) }
        }
        return jobs
    }
}
