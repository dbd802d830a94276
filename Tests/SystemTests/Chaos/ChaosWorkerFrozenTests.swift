import Native
import Testing

extension Chaos {
    @Suite @LoopActor struct WorkerFrozen {
        @Test func `a worker that wakes up past its lease sends nothing of what was taken over`() async throws {
            var options = Installation.Options.chaos(workers: 2, aiLatencyMS: 1000)
            options.environment["LOG_LEVEL"] = "debug"
            if ChaosForm.current == .short { options.environment["JOB_LEASE_SECONDS"] = "3" }
            try await ChaosRun.run("worker frozen past its lease", options) { run in
                let frozen = run.system.workers[0]
                let first = run.send(.init(conversations: 100, messages: 3, span: .seconds(3)))
                try await run.delivered(40)
                try await poll(within: .seconds(20), "the worker to have jobs in hand") {
                    frozen.inHand > 0 ? true : nil
                }
                frozen.freeze()
                // The other one takes over once the leases have run out.
                try await first.finish()
                try await run.delivered(first.total, within: .seconds(120))
                try await run.system.quiet(within: .seconds(60))
                let sends = try await run.log.sends(), inHand = frozen.inHand
                #expect(inHand > 0)
                frozen.thaw()
                try await poll(within: .seconds(60), "the thawed worker to drop what it had") {
                    frozen.inHand == 0 ? true : nil
                }
                // It goes on with new work.
                await run.system.workers[1].kill()
                let second = run.send(.init(conversations: 5, messages: 1, span: .zero))
                try await second.finish()
                try await run.delivered(first.total + second.total)
                try await run.system.quiet()
                // One more where a claim's answer lay in the socket.
                let dropped = frozen.lines.count { $0.contains(#""lease_lost""#) }
                #expect(dropped >= inHand)
                let stale = try await run.log.sends() - sends - second.total
                #expect(stale == 0)
                return ["\(inHand) jobs in the frozen hand", "\(dropped) dropped", "\(stale) stale sends"]
            }
        }
    }
}

extension ServiceUnderTest {
    /// Jobs that this worker has begun and not ended, by its log of level debug.
    var inHand: Int {
        let ends = [#""job_finished""#, #""job_retried""#, #""job_dead""#, #""lease_lost""#]
        return lines.reduce(0) { count, line in
            if line.contains(#""job_started""#) { return count + 1 }
            return ends.contains { line.contains($0) } ? count - 1 : count
        }
    }
}
