import Native

/// How much the queue holds.
package struct QueueDepths: Sendable, Equatable {
    /// Jobs, those under way included.
    package var jobs: [Lane: Int] = [:]
    /// Groups.
    package var leased = 0
    package var delayed = 0
    /// Ready groups that only the quarantine may run.
    package var suspects = 0
    /// In the capped view.
    package var dead = 0
}

extension RedisQueue {
    /// Makes groups ready again whose lease ran out, each with one crash more. Returns how many.
    ///
    /// - Parameters:
    ///   - limit: leases of a shard in one script, 1...100. Bounds how long that holds Redis.
    ///   - rounds: scripts a shard at most, while one of them meets its limit.
    package func reap(limit: Int = 100, rounds: Int = 1) async throws(QueueError) -> Int {
        var arguments = RedisArguments()
        arguments.append(limit)
        arguments.append(options.awayAfter.milliseconds)
        arguments.append(options.graceAfterAway.milliseconds)
        return try await repeated(scripts.reap, arguments, limit, rounds)
    }

    /// Makes delayed groups ready that are due. Returns how many.
    ///
    /// - Parameters:
    ///   - limit: groups of a shard in one script, 1...100.
    ///   - rounds: scripts a shard at most, while one of them meets its limit.
    package func promote(limit: Int = 100, rounds: Int = 1) async throws(QueueError) -> Int {
        var arguments = RedisArguments()
        arguments.append(limit)
        return try await repeated(scripts.promote, arguments, limit, rounds)
    }

    /// Runs a script that counts what it did, again while a shard did as much as it may at once.
    private func repeated(
        _ script: RedisScript, _ arguments: RedisArguments, _ limit: Int, _ rounds: Int
    ) async throws(QueueError) -> Int {
        var sum = 0
        for _ in 0..<rounds {
            let counts = try await runEverywhere(script, arguments).map { $0.int ?? 0 }
            sum += counts.reduce(0, +)
            if counts.allSatisfy({ $0 < limit }) { break }
        }
        return sum
    }

    package func depths() async throws(QueueError) -> QueueDepths {
        var arguments = RedisArguments()
        for lane in Lane.allCases { arguments.append(lane.rawValue) }
        var depths = QueueDepths()
        for reply in try await runEverywhere(scripts.depths, arguments) {
            let numbers = reply.items?.map { $0.int ?? 0 } ?? []
            guard numbers.count == Lane.allCases.count + 4 else { throw .rejected("depths answered \(reply)") }
            for (lane, jobs) in zip(Lane.allCases, numbers) where jobs > 0 { depths.jobs[lane, default: 0] += jobs }
            let groups = numbers.suffix(4).map { $0 }
            depths.leased += groups[0]
            depths.delayed += groups[1]
            depths.suspects += groups[2]
            depths.dead += groups[3]
        }
        return depths
    }

    /// Runs a script on all shards at once. Throws the first error, after all have ended.
    func runEverywhere(
        _ script: RedisScript, _ arguments: RedisArguments
    ) async throws(QueueError) -> [RedisValue] {
        let tasks = (0..<sharding.count).map { shard in
            LoopActor.loop.spawn { () async -> Result<RedisValue, QueueError> in
                do throws(QueueError) {
                    return .success(try await self.run(script, on: shard, arguments))
                } catch { return .failure(error) }
            }
        }
        var results: [Result<RedisValue, QueueError>] = []
        for task in tasks { results.append(await task.value) }
        var replies: [RedisValue] = []
        for result in results { replies.append(try result.get()) }
        return replies
    }
}
