import Native
import TestSupport
import Testing

extension Chaos {
    @Suite @LoopActor struct WorkerFrozen {
        @Test func `a worker that wakes up past its lease sends nothing of what was taken over`() async throws {
            var options = Installation.Options.chaos(workers: 2, aiLatencyMS: 1000)
            options.environment["LOG_LEVEL"] = "debug"
            if ChaosForm.current == .short { options.environment["JOB_LEASE_SECONDS"] = "3" }
            try await ChaosRun.run("worker frozen past its lease", options) { run in
                let frozen = run.system.workers[0], other = run.system.workers[1]
                let first = run.send(.init(conversations: 100, messages: 3, span: .seconds(3)))
                try await run.delivered(40)
                try await poll(within: .seconds(20), "the worker to have jobs in hand") {
                    frozen.inHand.isEmpty ? nil : true
                }
                frozen.freeze()
                // The other one takes over once the leases have run out.
                try await first.finish()
                try await run.delivered(first.total, within: .seconds(120))
                try await run.system.quiet(within: .seconds(60))
                let sends = try await run.log.sends(), inHand = frozen.inHand
                // What Redis had taken the end of before the freeze was not taken over: it ends as if nothing had been.
                let takenOver = inHand.intersection(other.begun)
                #expect(!takenOver.isEmpty)
                frozen.thaw()
                try await poll(within: .seconds(60), "the thawed worker to drop what it had") {
                    frozen.inHand.isEmpty ? true : nil
                }
                // It goes on with new work.
                await other.kill()
                let second = run.send(.init(conversations: 5, messages: 1, span: .zero))
                try await second.finish()
                try await run.delivered(first.total + second.total)
                try await run.system.quiet()
                #expect(takenOver.subtracting(frozen.dropped).isEmpty)
                let stale = try await run.log.sends() - sends - second.total
                #expect(stale == 0)
                return [
                    "\(inHand.count) jobs in the frozen hand", "\(takenOver.count) taken over and dropped",
                    "\(stale) stale sends",
                ]
            }
        }
    }
}

extension ServiceUnderTest {
    private static let ends = [#""job_finished""#, #""job_retried""#, #""job_dead""#, #""lease_lost""#]

    /// Jobs that this worker has begun and not ended, by its log of level debug.
    var inHand: Set<String> {
        var jobs: Set<String> = []
        for line in lines {
            if line.contains(#""job_started""#) {
                jobs.formUnion([line.jobID])
            } else if Self.ends.contains(where: line.contains) {
                jobs.subtract([line.jobID])
            }
        }
        return jobs
    }

    /// Jobs that it began.
    var begun: Set<String> { jobs(#""job_started""#) }

    /// Jobs that it let go of because somebody else had them.
    var dropped: Set<String> { jobs(#""lease_lost""#) }

    private func jobs(_ event: String) -> Set<String> { Set(lines.filter { $0.contains(event) }.map(\.jobID)) }
}

extension String {
    /// The id that a log line names, or nothing.
    fileprivate var jobID: String {
        guard let start = firstRange(of: #""job_id":""#)?.upperBound else { return "" }
        return String(self[start...].prefix { $0 != "\"" })
    }
}
