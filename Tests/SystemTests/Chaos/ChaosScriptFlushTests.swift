import Native
import Testing

extension Chaos {
    @Suite @LoopActor struct ScriptFlush {
        @Test func `scripts that Redis forgets again and again are sent again`() async throws {
            let options = Installation.Options.chaos(workers: 2, aiLatencyMS: 200)
            let seconds = ChaosForm.pick(long: 30, short: 6)
            try await ChaosRun.run("SCRIPT FLUSH under load", options) { run in
                let client = try await run.system.redis.client()
                defer { client.close() }
                let senders = run.send(.init(conversations: 100, messages: 3, span: .seconds(seconds)))
                var flushes = 0
                while !senders.isDone {
                    _ = try await client.send(RedisCommand("SCRIPT", "FLUSH"))
                    flushes += 1
                    try await LoopActor.loop.sleep(for: .milliseconds(.random(in: 1..<60, using: &run.random)))
                }
                #expect(run.system.reaped == 0)
                return ["\(flushes) flushes", senders.repeatsText]
            }
        }
    }
}
