import Native
import Testing

extension Chaos {
    @Suite @LoopActor struct RedisKilled {
        @Test func `every message that got its 200 is answered although Redis is killed`() async throws {
            let options = Installation.Options.chaos(workers: 2, aiLatencyMS: 300)
            let kills = ChaosForm.pick(long: 6, short: 3)
            try await ChaosRun.run("Redis killed and restarted", options) { run in
                let senders = run.send(.init(conversations: 150, messages: 3, span: .seconds(5 * kills)))
                for _ in 0..<kills {
                    try await LoopActor.loop.sleep(for: .milliseconds(.random(in: 1500..<4000, using: &run.random)))
                    run.system.redis.kill()
                    try await LoopActor.loop.sleep(for: .milliseconds(500))
                    try await run.system.redis.start()
                }
                try await senders.finish()
                return ["\(kills) kills", senders.repeatsText]
            }
        }
    }
}
