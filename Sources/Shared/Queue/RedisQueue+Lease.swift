import Native

/// What the holder of a lease may do. Each throws `.leaseLost` when the token is stale, and then changed nothing.
extension RedisQueue {
    /// Extends leases of one shard. Returns the groups that are lost.
    package func heartbeat(
        _ leases: [Lease], on shard: Int, lease: Duration
    ) async throws(QueueError) -> Set<JobGroup> {
        var lost: Set<JobGroup> = []
        var rest = leases[...]
        while !rest.isEmpty {
            var arguments = RedisArguments()
            arguments.append(lease.milliseconds)
            for lease in rest.prefix(500) {
                arguments.append(lease.group.id)
                arguments.append(lease.token.rawValue)
            }
            rest = rest.dropFirst(500)
            let reply = try await run(scripts.heartbeat, on: shard, arguments).items ?? []
            lost.formUnion(reply.compactMap { $0.text.flatMap(JobGroup.init(id:)) })
        }
        return lost
    }

    /// Records steps of the lease's job, for whoever takes it over.
    ///
    /// - Parameter speech: a text that is sent next, and from then on known as ours.
    /// - Returns: who has taken the conversation, so that the text is not to be sent: then nothing is recorded.
    @discardableResult
    package func checkpoint(
        _ lease: Lease, _ steps: [String: String], saying speech: Speech? = nil
    ) async throws(QueueError) -> Handover? {
        if steps.isEmpty { return nil }
        var arguments = head(lease)
        arguments.append(lease.job.id.rawValue)
        if let speech {
            arguments.append(speech.digest)
            arguments.append(max(1, speech.keptFor.milliseconds))
            arguments.append(speech.asks ? 1 : 0)
        }
        for (step, value) in steps {
            arguments.append(step)
            arguments.append(value)
        }
        guard speech != nil else {
            try await require(scripts.checkpoint, lease, arguments)
            return nil
        }
        guard let reply = try await run(scripts.speak, on: lease.shard, arguments).items else { throw .leaseLost }
        return reply.first?.text == "go" ? nil : try Self.taker(reply, of: scripts.speak)
    }

    /// The jobs behind the head, oldest first, at most `limit`. They stay where they are.
    package func waiting(behind lease: Lease, limit: Int) async throws(QueueError) -> [Job] {
        var arguments = head(lease)
        arguments.append(limit)
        let reply = try await run(scripts.waiting, on: lease.shard, arguments)
        guard let records = reply.items else { throw .leaseLost }
        return records.map { JobRecord.read($0.bytes ?? [], of: lease.group) }
    }

    /// Ends the lease with success. One step: the first `count` jobs are gone, the memory has grown, what follows
    /// is enqueued, and the group's next job is ready.
    ///
    /// - Parameters:
    ///   - remember: lines for the conversation's memory, oldest first.
    ///   - following: jobs without a conversation or of the same one, in any lane.
    package func ack(
        _ lease: Lease, count: Int = 1, remember: [[UInt8]] = [], following: [Job] = []
    ) async throws(QueueError) {
        var arguments = head(lease)
        arguments.append(count)
        arguments.append(String(lease.group.party))
        arguments.append(options.memoryLines)
        arguments.append(options.memoryLifetime.milliseconds)
        arguments.append(remember.count)
        for line in remember { arguments.append(bytes: line) }
        for job in following {
            let group = try job.group()
            guard group.conversation == nil || group.party == lease.group.party else {
                throw .rejected("a following job must be of the same conversation: \(group) after \(lease.group)")
            }
            arguments.append(group.id)
            arguments.append(job.id.rawValue)
            arguments.append(bytes: JobRecord.body(of: job))
        }
        try await require(scripts.ack, lease, arguments)
    }

    /// Gives the group back, to be ready again after a wait.
    ///
    /// - Parameter refund: the attempt does not count, because an outage ended it and not the job.
    package func retryLater(_ lease: Lease, after wait: Duration, refund: Bool) async throws(QueueError) {
        var arguments = head(lease)
        arguments.append(max(0, wait.milliseconds))
        arguments.append(refund ? 1 : 0)
        try await require(scripts.retryLater, lease, arguments)
    }

    /// Gives the group back unworked, as the first of its tenant. The attempt does not count.
    package func release(_ lease: Lease) async throws(QueueError) {
        try await require(scripts.release, lease, head(lease))
    }

    /// Moves the job to the dead. Its row in Postgres is written before.
    package func failToDead(_ lease: Lease, reason: String) async throws(QueueError) {
        var arguments = head(lease)
        arguments.append(reason)
        try await require(scripts.failToDead, lease, arguments)
    }

    /// The conversation's memory, oldest line first.
    package func memory(of group: JobGroup) async throws(QueueError) -> [[UInt8]] {
        let key = keys(of: sharding.shard(of: group)).memory(group)
        do throws(RedisError) {
            let reply = try await client.send(RedisCommand("LRANGE", key, "0", "-1"))
            return reply.items?.compactMap(\.bytes) ?? []
        } catch { throw QueueError(error) }
    }

    private func head(_ lease: Lease) -> RedisArguments { [lease.group.id, lease.token.rawValue] }

    private func require(_ script: RedisScript, _ lease: Lease, _ arguments: RedisArguments) async throws(QueueError) {
        guard try await run(script, on: lease.shard, arguments).int == 1 else { throw .leaseLost }
    }
}
