import Native

/// The queue in Redis: strict order in a group, leases with tokens, turns between lanes and tenants.
///
/// Every verb is one script, atomic, and may be repeated after `.unknownOutcome`.
@LoopActor package final class RedisQueue {
    package struct Options: Sendable {
        /// Jobs in a lane past which it is full. Counted by shard, so that a lane may be full a little early.
        package var laneLength = 1_000_000
        /// Jobs of one tenant in a lane, counted likewise.
        package var tenantLength = 100_000
        /// Jobs of one conversation in a lane.
        package var conversationLength = 100
        /// How long a message counts as seen.
        package var dedupeLifetime = Duration.seconds(86_400)
        /// Lines kept of a conversation.
        package var memoryLines = 20
        /// How long an untouched memory is kept.
        package var memoryLifetime = Duration.seconds(30 * 86_400)
        /// Leases of a job that ran out, past which it is dead wherever that happened: the one that watches the
        /// quarantine may have gone down with it each time.
        package var crashLimit = 10
        /// A pause of the reaper that means that Redis was away.
        package var awayAfter = Duration.seconds(5)
        /// What holders of leases get then to renew them. Exceeds a heartbeat interval and a reconnect.
        package var graceAfterAway = Duration.seconds(8)

        /// Replicas that must have a job before it counts as accepted. 0: none.
        package var waitReplicas = 0
        /// How long they may take.
        package var waitLimit = Duration.milliseconds(300)

        package init() {}
    }

    package let client: RedisClient
    package let sharding: Sharding
    package let options: Options
    /// What is refused for want of memory.
    package var shedding = Shedding.none
    let scripts: QueueScripts
    private let keys: [ShardKeys]
    /// What follows name and lifetime in `appendBounds`, encoded once.
    private lazy var bounds = bounds(laneLength: shareOfShard(options.laneLength))
    private lazy var boundsOfShed = bounds(laneLength: 0)

    /// The client stays the caller's: start it before, close it after.
    package init(
        client: RedisClient, sharding: Sharding = Sharding(), options: Options = Options(),
        scripts: QueueScripts = .standard
    ) {
        self.client = client
        self.sharding = sharding
        self.options = options
        self.scripts = scripts
        keys = (0..<sharding.count).map { ShardKeys(shard: $0) }
    }

    package func keys(of shard: Int) -> ShardKeys { keys[shard] }

    /// Puts a job at the end of its group, once.
    ///
    /// - Parameters:
    ///   - dedupe: what makes two messages the same; nil: the job's id.
    ///   - delay: before it may run, if its group is idle now. A job never overtakes one of its group.
    /// - Throws: never `.leaseLost`. `.unknownOutcome` also when too few replicas have the job: sent again, it is a
    ///   duplicate, and waits for them again.
    package func enqueue(
        _ job: Job, dedupe: String? = nil, delay: Duration = .zero
    ) async throws(QueueError) -> EnqueueResult {
        guard job.payload.count <= Job.largestPayload else {
            throw .rejected("a job's payload has \(job.payload.count) bytes, more than \(Job.largestPayload)")
        }
        let isShed = shedding.sheds(job.lane)
        let group = try job.group()
        let body = JobRecord.body(of: job)
        var arguments = RedisArguments(reserving: 256 + body.count)
        arguments.append(group.id)
        arguments.append(job.id.rawValue)
        arguments.append(bytes: body)
        appendBounds(
            dedupe: dedupe ?? job.id.rawValue, lifetime: job.rememberedFor, isShed: isShed, to: &arguments)
        arguments.append(max(0, delay.milliseconds))
        let reply = try await run(scripts.enqueue, on: sharding.shard(of: group), arguments)
        let result = options.waitReplicas > 0 ? try await confirmed(reply) : try enqueueResult(reply)
        return isShed && result == .full(.lane) ? .full(.memory) : result
    }

    /// What a script answered that enqueues, once enough replicas have it.
    ///
    /// For a duplicate too: its first sender may not have waited long enough.
    func confirmed(_ reply: RedisValue) async throws(QueueError) -> EnqueueResult {
        let result = try enqueueResult(reply), wanted = options.waitReplicas
        if case .full = result { return result }
        guard wanted > 0 else { return result }
        let wait = RedisCommand("WAIT", String(wanted), String(options.waitLimit.milliseconds))
        do throws(RedisError) {
            let reached = try await client.send(wait).int ?? 0
            guard reached >= wanted else { throw RedisError.unknownOutcome("\(reached) of \(wanted) replicas have it") }
            return result
        } catch { throw QueueError(error) }
    }

    /// By what a job is known, and how many there may be of its kind.
    ///
    /// - Parameters:
    ///   - lifetime: how long it counts as seen; nil: as long as a message.
    ///   - isShed: there may be none; what was accepted before is known all the same.
    func appendBounds(
        dedupe: String, lifetime: Duration? = nil, isShed: Bool = false, to arguments: inout RedisArguments
    ) {
        arguments.append(dedupe)
        arguments.append(max(1, (lifetime ?? options.dedupeLifetime).milliseconds))
        arguments.append(isShed ? boundsOfShed : bounds)
    }

    private func bounds(laneLength: Int) -> RedisArguments {
        var arguments = RedisArguments()
        arguments.append(laneLength)
        arguments.append(shareOfShard(options.tenantLength))
        arguments.append(options.conversationLength)
        return arguments
    }

    private func enqueueResult(_ value: RedisValue) throws(QueueError) -> EnqueueResult {
        let reply = value.items ?? []
        switch (reply.first?.text, reply.count > 1 ? reply[1].text : nil) {
        case ("ok", _): return .accepted
        case ("dup", let id?): return .duplicate(of: JobID(id))
        case ("full", let bound?): return .full(EnqueueResult.Bound(rawValue: bound) ?? .lane)
        default: throw .rejected("enqueue answered \(value)")
        }
    }

    /// Rounded up, so that small limits leave room in every shard.
    private func shareOfShard(_ limit: Int) -> Int { (limit + sharding.count - 1) / sharding.count }

    func run(
        _ script: RedisScript, on shard: Int, _ arguments: RedisArguments, atOnce: Bool = false
    ) async throws(QueueError) -> RedisValue {
        do throws(RedisError) {
            return try await client.run(script, keys: [keys[shard].prefix], arguments: arguments, atOnce: atOnce)
        } catch { throw QueueError(error) }
    }
}
