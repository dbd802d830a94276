import Native
import TestSupport
import Testing

extension Chaos {
    @Suite(.serialized) @LoopActor struct Connection {
        @Test func `connections to Redis that are cut in mid-reply lose nothing`() async throws {
            try await run("connections cut mid-reply") { proxy, random in
                proxy.cutReplies(after: .random(in: 1..<600, using: &random))
            }
        }

        @Test func `half-open connections to Redis are noticed, and lose nothing`() async throws {
            try await run("half-open connections", pause: 3) { proxy, _ in proxy.silence() }
        }

        /// - Parameter pause: seconds between two faults, so that there is a connection to spoil.
        private func run(
            _ name: String, pause: Int = 1, _ spoil: @LoopActor (TCPProxy, inout SplitMix) -> Void
        ) async throws {
            var options = Installation.Options.chaos(workers: 2, aiLatencyMS: 300)
            options.cutsWorkersOff = true
            if ChaosForm.current == .short { options.environment["JOB_LEASE_SECONDS"] = "3" }
            let faults = ChaosForm.pick(long: 10, short: 3)
            try await ChaosRun.run(name, options) { run in
                let proxy = try #require(run.system.proxy)
                run.send(.init(conversations: 100, messages: 3, span: .seconds(faults * pause + 1)))
                var spoiled = 0
                for _ in 0..<faults {
                    try await LoopActor.loop.sleep(for: .seconds(pause))
                    spoiled += proxy.count
                    spoil(proxy, &run.random)
                }
                return ["\(spoiled) connections spoiled"]
            }
        }
    }
}
