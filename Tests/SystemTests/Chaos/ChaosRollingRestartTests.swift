import Native
import Testing

extension Chaos {
    @Suite @LoopActor struct RollingRestart {
        @Test func `a rolling restart under load consumes no attempt and leaves no lease to be reaped`() async throws {
            var options = Installation.Options.chaos(workers: 3, aiLatencyMS: 1500)
            // Shorter than an answer takes: some work is finished and some handed back.
            options.environment["SHUTDOWN_GRACE_SECONDS"] = "3"
            let rounds = ChaosForm.pick(long: 5, short: 1)
            try await ChaosRun.run("rolling restart", options) { run in
                let system = run.system
                let senders = run.send(.init(conversations: 100, messages: 3, span: .seconds(12 * rounds)))
                try await run.delivered(5)
                var handedBack = 0
                for _ in 0..<rounds {
                    for place in 0..<3 {
                        let old = system.workers[place]
                        try await system.replaceWorker(place).started()
                        handedBack += try await end(old)
                    }
                    let old = system.api
                    try await system.replaceAPI()
                    _ = try await end(old)
                }
                try await senders.finish()
                try await run.delivered(senders.total, within: .seconds(120))
                let consumed = try system.attemptsConsumed()
                #expect(system.reaped == 0)
                #expect(consumed == 0)
                return [
                    "\(rounds * 4) restarts", "\(handedBack) jobs handed back", "\(system.reaped) reaped",
                    "\(consumed) attempts consumed", senders.repeatsText,
                ]
            }
        }

        /// Ends a process by SIGTERM. Returns how many jobs it handed back.
        private func end(_ service: ServiceUnderTest) async throws -> Int {
            service.signal(.terminate)
            let exit = try await service.exit()
            #expect(exit == .code(0))
            let line = service.lines.last { $0.contains(#""process_stopped""#) } ?? "{}"
            return try JSON.read(Array(line.utf8)) { $0["count"]?.int ?? 0 }
        }
    }
}
