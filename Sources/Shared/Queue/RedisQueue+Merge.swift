import Native

/// Several jobs of a conversation worked as one.
extension RedisQueue {
    /// A job that waits, and how the head's record tells of it.
    package struct Merging: Sendable, Equatable {
        package let job: JobID
        /// Unique among the head's steps.
        package let step: String
        /// Everything that is needed to do the job's work: nothing else is kept of it.
        package let value: String

        package init(job: JobID, step: String, value: String) {
            self.job = job
            self.step = step
            self.value = value
        }
    }

    /// Makes jobs that stand directly behind the head part of it: they end as it ends, also as dead ones.
    ///
    /// - Parameter jobs: in their order, oldest first.
    /// - Returns: how many of them were merged, from the first on. The others stay jobs of their own: another one stands
    ///   before them, or they have recorded steps.
    /// - Throws: `.leaseLost` when the token is stale, and then nothing was changed.
    package func merge(_ jobs: [Merging], into lease: Lease) async throws(QueueError) -> Int {
        if jobs.isEmpty { return 0 }
        var arguments: RedisArguments = [lease.group.id, lease.token.rawValue, lease.job.id.rawValue]
        for merging in jobs {
            arguments.append(merging.job.rawValue)
            arguments.append(merging.step)
            arguments.append(merging.value)
        }
        let reply = try await run(scripts.merge, on: lease.shard, arguments)
        guard let merged = reply.int, merged >= 0 else { throw .leaseLost }
        return merged
    }

    /// How many jobs wait behind the head. A guess once the lease is lost.
    package func waitingCount(behind lease: Lease) async throws(QueueError) -> Int {
        max(0, try await count(of: lease.group) - 1)
    }

    /// How many jobs a group has, the one in hand included.
    package func count(of group: JobGroup) async throws(QueueError) -> Int {
        do throws(RedisError) {
            let reply = try await client.send(RedisCommand("LLEN", keys(of: sharding.shard(of: group)).jobs(group)))
            return reply.int ?? 0
        } catch { throw QueueError(error) }
    }
}
