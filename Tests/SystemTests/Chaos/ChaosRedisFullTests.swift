import Native
import TestSupport
import Testing

extension Chaos {
    @Suite @LoopActor struct RedisFull {
        @Test func `a full Redis refuses new work, and what is in hand is kept and finished`() async throws {
            let lease = ChaosForm.pick(long: 10, short: 3)
            // Longer than a lease: only heartbeats keep what is in hand.
            var options = Installation.Options.chaos(workers: 2, aiLatencyMS: (lease + 2) * 1000)
            options.environment["JOB_LEASE_SECONDS"] = "\(lease)"
            options.environment["LOG_LEVEL"] = "debug"
            try await ChaosRun.run("Redis at maxmemory", options) { run in
                let system = run.system
                let client = try await system.redis.client()
                defer { client.close() }
                let first = run.send(.init(conversations: 100, messages: 1, span: .zero))
                try await first.finish()
                try await poll(within: .seconds(30), "all jobs to be in hand") {
                    system.workers.reduce(0) { $0 + $1.inHand.count } >= first.total ? true : nil
                }
                // No room at all: nothing that is freed makes any.
                try await Self.limit(client, to: 1 << 20)
                let refused = run.send(.init(conversations: 30, messages: 1, span: .zero))
                // A scheduler that starts now must lead too, or nobody would reap and promote.
                let leader = try await Self.leader(client)
                try await system.replaceScheduler()
                await system.replaced.last?.kill()
                // And a worker that starts now must work, or a restart would keep Redis full.
                let old = system.workers[0]
                try system.replaceWorker(0)
                old.signal(.terminate)
                let end = try await old.exit()
                #expect(end == .code(0))
                try await run.delivered(first.total, within: .seconds(60))
                try await system.quiet(within: .seconds(60))
                try await poll(within: .seconds(30), "the new scheduler to lead") {
                    let now = try await Self.leader(client)
                    return now == nil || now == leader ? nil : true
                }
                #expect(refused.accepted.isEmpty)
                #expect((refused.repeats[503] ?? 0) >= refused.total)
                // A little room, which is full again and again.
                let used = try await Self.used(client)
                try await Self.limit(client, to: used + 8192)
                let third = run.send(.init(conversations: 60, messages: 2, span: .seconds(3)))
                try await poll(within: .seconds(30), "the little room to be full") {
                    third.repeats[503, default: 0] > 20 ? true : nil
                }
                try await Self.limit(client, to: 0)
                for senders in [refused, third] { try await senders.finish() }
                // Only the one that started in a full Redis is left.
                system.workers[1].signal(.terminate)
                try await run.delivered(first.total + refused.total + third.total, within: .seconds(180))
                #expect(system.reaped == 0)
                let consumed = try system.attemptsConsumed()
                #expect(consumed == 0)
                return [
                    "\(system.reaped) reaped", "\(consumed) attempts consumed", "while full \(refused.repeatsText)",
                    "in a little room \(third.repeatsText)",
                ]
            }
        }

        /// The id of the scheduler that acts.
        private static func leader(_ client: RedisClient) async throws -> String? {
            try await client.send(RedisCommand("HGET", "rj:{scheduler}:leader", "id")).text
        }

        private static func limit(_ client: RedisClient, to bytes: Int) async throws {
            _ = try await client.send(RedisCommand("CONFIG", "SET", "maxmemory", "\(bytes)"))
        }

        private static func used(_ client: RedisClient) async throws -> Int {
            let info = try await client.send(RedisCommand("INFO", "memory")).text ?? ""
            let line = try #require(info.split(separator: "\r\n").first { $0.hasPrefix("used_memory:") })
            return try #require(Int(line.dropFirst("used_memory:".count)))
        }
    }
}
