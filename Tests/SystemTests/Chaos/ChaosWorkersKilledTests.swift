import Native
import Testing

extension Chaos {
    @Suite @LoopActor struct WorkersKilled {
        @Test func `workers killed every second leave each message answered once and in order`() async throws {
            var options = Installation.Options.chaos(workers: 3, aiLatencyMS: 300)
            if ChaosForm.current == .short { options.environment["JOB_LEASE_SECONDS"] = "3" }
            let kills = ChaosForm.pick(long: 60, short: 10)
            try await ChaosRun.run("workers killed every second", options) { run in
                run.send(.init(conversations: 300, messages: 3, span: .seconds(kills)))
                for _ in 0..<kills {
                    try await LoopActor.loop.sleep(for: .seconds(1))
                    let victim = Int.random(in: 0..<3, using: &run.random)
                    await run.system.workers[victim].kill()
                    try run.system.replaceWorker(victim)
                }
                return ["\(kills) kills", "\(run.system.reaped) leases taken over"]
            }
        }
    }
}
