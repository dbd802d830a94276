import Native

/// What an operator does to the queue. Each is made shard by shard: after an error some shards have taken it, and the
/// same call again completes it.
extension RedisQueue {
    /// From here on no job of it is claimed. Jobs are still accepted, and those under way finish.
    package func pause(_ target: PauseTarget) async throws(QueueError) {
        _ = try await runEverywhere(scripts.pause, [target.member])
    }

    /// Its jobs are claimed again, and workers hear of them.
    package func resume(_ target: PauseTarget) async throws(QueueError) {
        var arguments: RedisArguments = [target.member]
        if case .tenant(let tenant) = target { arguments.append(tenant.rawValue) } else { arguments.append("") }
        for lane in Lane.allCases { arguments.append(lane.rawValue) }
        _ = try await runEverywhere(scripts.resume, arguments)
    }

    /// What is paused, in any shard.
    package func paused() async throws(QueueError) -> Set<PauseTarget> {
        var paused: Set<PauseTarget> = []
        for shard in 0..<sharding.count {
            do throws(RedisError) {
                let reply = try await client.send(RedisCommand("SMEMBERS", keys(of: shard).paused))
                paused.formUnion(reply.items?.compactMap { $0.text.flatMap(PauseTarget.init(member:)) } ?? [])
            } catch { throw QueueError(error) }
        }
        return paused
    }

    /// Puts a dead job back, at the end of its group.
    ///
    /// - Parameters:
    ///   - steps: what it had recorded, so that nothing a contact got is sent again.
    ///   - dedupe: names this replay of this death: the same replay twice is one.
    /// The same bounds hold as for `enqueue`, and replicas are waited for likewise.
    package func replay(
        _ job: Job, steps: [String: String], dedupe: String
    ) async throws(QueueError) -> ReplayResult {
        let group = try job.group()
        var arguments: RedisArguments = [group.id, job.id.rawValue]
        arguments.append(bytes: JobRecord.body(of: job))
        appendBounds(dedupe: dedupe, to: &arguments)
        for (step, value) in steps {
            arguments.append(step)
            arguments.append(value)
        }
        let reply = try await run(scripts.replay, on: sharding.shard(of: group), arguments)
        if reply.items?.first?.text == "stands" { return .stands }
        switch try await confirmed(reply) {
        case .accepted: return .accepted
        case .duplicate: return .replayedBefore
        case .full(let bound): return .full(bound)
        }
    }
}
