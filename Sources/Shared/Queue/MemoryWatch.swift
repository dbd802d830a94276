import Native

/// Asks Redis once a second how full it is, and has the queue refuse jobs by that. For processes that enqueue.
@LoopActor package final class MemoryWatch {
    private let queue: RedisQueue
    private let log: Log
    private let interval: Duration

    package init(queue: RedisQueue, metrics: Metrics, log: Log, interval: Duration = .seconds(1)) {
        self.queue = queue
        self.log = log
        self.interval = interval
        metrics.gauge(.redisMemoryRatio) { queue.shedding.share }
    }

    /// Watches until cancelled.
    package func run() async {
        while !Task.isCancelled {
            await look()
            try? await LoopActor.loop.sleep(for: interval)
        }
    }

    /// One look. A Redis that does not answer changes nothing: then nothing is enqueued anyway.
    package func look() async {
        guard let text = try? await queue.client.send(RedisCommand("INFO", "memory")).text else { return }
        let before = queue.shedding.lanes
        queue.shedding = ServerInfo(text).shedding
        let lanes = queue.shedding.lanes
        guard lanes != before else { return }
        let names = lanes.map(\.rawValue).joined(separator: ",")
        if lanes.count > before.count {
            log.error(.queueShedding, "Redis is nearly full: these queues take no jobs", [.queue: .text(names)])
        } else {
            log.warning(.queueShedding, "Redis has room again; queues that take no jobs yet", [.queue: .text(names)])
        }
    }
}
