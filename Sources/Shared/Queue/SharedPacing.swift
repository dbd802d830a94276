import Native

/// Until when nothing is to go out through a business's number because its provider said that it sends too fast, the same
/// for all workers.
///
/// What one worker is told it knows at once, and the others hear of it within a second. While Redis is down each goes by
/// what it was told itself.
@LoopActor package final class SharedPacing {
    private let redis: RedisClient
    private var ends: [CircuitName: MonotonicInstant] = [:]

    /// Between two looks at what others were told.
    private static let interval: Duration = .milliseconds(500)
    /// After the last limit Redis forgets all.
    private static let lifetime: Duration = .seconds(600)
    /// Limits told in one look.
    private static let most = 1000

    /// - Parameter redis: stays the caller's.
    package init(redis: RedisClient) { self.redis = redis }

    /// How long nothing is to go out; nil: it may.
    package func wait(_ name: CircuitName) -> Duration? {
        guard let end = ends[name] else { return nil }
        let rest = end - .now()
        return rest > .zero ? rest : nil
    }

    /// The provider asks for a wait. A longer one that is known stands.
    package func limit(_ name: CircuitName, for wait: Duration) {
        guard wait > self.wait(name) ?? .zero else { return }
        ends[name] = .now() + wait
        LoopActor.loop.spawn { await self.tell(name, wait) }
    }

    /// Hears of what others were told, until cancelled.
    package func run() async {
        while !Task.isCancelled {
            await look()
            try? await LoopActor.loop.sleep(for: Self.interval * .random(in: 0.8..<1.2))
        }
    }

    /// One look. A failed one is made up for by the next.
    package func look() async {
        let present = MonotonicInstant.now()
        ends = ends.filter { $0.value > present }
        // Mostly there is none, and then the time need not be known. Latest first: those that are over are behind.
        guard
            let items = try? await redis.send(
                RedisCommand("ZREVRANGE", ShardKeys.pacing, "0", "\(Self.most - 1)", "WITHSCORES")
            ).pairs, !items.isEmpty, let now = await time()
        else { return }
        for (name, end) in items {
            // A provider that only a later program knows.
            guard let name = name.text.flatMap(CircuitName.init(text:)), let end = end.int else { continue }
            let told = MonotonicInstant.now() + .milliseconds(end - now)
            ends[name] = max(ends[name] ?? told, told)
        }
    }

    private func tell(_ name: CircuitName, _ wait: Duration) async {
        guard let now = await time() else { return }
        let end = now + wait.milliseconds
        _ = try? await redis.send(RedisCommand("ZREMRANGEBYSCORE", ShardKeys.pacing, "-inf", "\(now)"))
        _ = try? await redis.send(RedisCommand("ZADD", ShardKeys.pacing, "GT", "\(end)", name.text))
        _ = try? await redis.send(RedisCommand("PEXPIRE", ShardKeys.pacing, "\(Self.lifetime.milliseconds)"))
    }

    /// Of Redis, by which all workers go: ms since 1970.
    private func time() async -> Int? {
        guard let parts = try? await redis.send(RedisCommand("TIME")).items, parts.count == 2,
            let seconds = parts[0].text.flatMap({ Int($0) }), let micros = parts[1].text.flatMap({ Int($0) })
        else { return nil }
        return seconds * 1000 + micros / 1000
    }
}
