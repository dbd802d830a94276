import Native

/// Redis as the queue needs it: connected, fit for its promises, and known to logs and metrics.
@LoopActor package struct QueueConnection {
    package let client: RedisClient
    package let address: RedisAddress
    package let queue: RedisQueue

    /// - Throws: what is wrong with the URL.
    package init(
        _ configuration: Configuration, name: String, commandTimeout: Duration, log: Log, metrics: Metrics
    ) throws(RedisAddress.Fault) {
        address = try RedisAddress(url: configuration.storage.redisURL)
        var options = RedisClient.Options()
        options.name = name
        options.commandTimeout = commandTimeout
        client = RedisClient(address: address, options: options) { state in
            switch state {
            case .ready: log.info(.redisConnection, "Redis connected")
            case .down(let reason): log.warning(.redisConnection, "Redis is down", [.reason: .text(reason)])
            }
        }
        queue = RedisQueue(client: client, options: .init(configuration))
        let client = client
        metrics.gauge(.redisUp) { client.isReady ? 1 : 0 }
    }

    /// Connects, waiting as long as it takes, and looks whether this Redis is fit.
    ///
    /// - Throws: `.rejected` with the reason when it is not; `.unavailable` when the task was cancelled.
    package func open(_ log: Log) async throws(QueueError) {
        client.start()
        while !Task.isCancelled {
            do throws(QueueError) {
                do throws(RedisError) { try await client.waitUntilReady(within: .seconds(5)) } catch {
                    throw QueueError(error)
                }
                for warning in try await queue.prepare() {
                    log.warning(.configuration, "Redis is not set up as it should be", [.reason: .text(warning)])
                }
                return
            } catch {
                if case .rejected = error { throw error }
                log.warning(.redisConnection, "Waiting for Redis", [.reason: .text("\(error)")])
                try? await LoopActor.loop.sleep(for: .milliseconds(500))
            }
        }
        throw .unavailable("cancelled")
    }
}

extension QueueConnection {
    /// Connects once, for a command that a person waits for. Changes nothing in Redis.
    ///
    /// - Throws: `.unavailable` when it is not there within `limit`; `.rejected` when its store is of another form.
    package func reach(within limit: Duration) async throws(QueueError) {
        client.start()
        do throws(RedisError) { try await client.waitUntilReady(within: limit) } catch { throw QueueError(error) }
        try await queue.requireShards()
    }
}

extension RedisQueue.Options {
    init(_ configuration: Configuration) {
        self.init()
        laneLength = configuration.queue.maxLength
        dedupeLifetime = configuration.queue.dedupeLifetime
        memoryLines = configuration.ai.historyMessages
        waitReplicas = configuration.storage.waitReplicas
        // Half of a lease may be over when Redis goes away: every longer absence can end it.
        awayAfter = min(awayAfter, configuration.queue.lease / 2)
    }
}
