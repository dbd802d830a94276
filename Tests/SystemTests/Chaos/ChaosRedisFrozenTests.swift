import Native
import Testing

extension Chaos {
    @Suite(.serialized) @LoopActor struct RedisFrozen {
        /// Shorter and longer than a lease, in seconds. The short form's lease has 3 s.
        static nonisolated let pauses = ChaosForm.pick(long: [10, 40], short: [1, 4])

        @Test(arguments: pauses)
        func `a frozen Redis delays answers and does nothing else`(seconds: Int) async throws {
            var options = Installation.Options.chaos(workers: 2, aiLatencyMS: 800)
            if ChaosForm.current == .short { options.environment["JOB_LEASE_SECONDS"] = "3" }
            try await ChaosRun.run("Redis frozen \(seconds) s", options) { run in
                let senders = run.send(.init(conversations: 100, messages: 3, span: .seconds(seconds + 6)))
                try await run.delivered(30)
                run.system.redis.pause()
                try await LoopActor.loop.sleep(for: .seconds(seconds))
                run.system.redis.resume()
                try await senders.finish()
                try await run.delivered(senders.total, within: .seconds(120))
                // Only a claim whose answer was lost may be reaped: of that no worker knows.
                let lost = run.system.workerLines.count { $0.contains(#""lease_lost""#) }
                #expect(lost == 0)
                return [
                    senders.repeatsText, "\(lost) leases lost", "\(run.system.reaped) reaped",
                    "\(try run.system.attemptsConsumed()) attempts consumed",
                ]
            }
        }
    }
}
