import Native
import Shared
import TestSupport
import Testing

@Suite("A payload that crashes its process", .onLoop, .serialized)
@LoopActor struct QuarantineTests {
    /// Kills every process that starts the job, as a payload would that crashes it. Until cancelled.
    ///
    /// By SIGKILL: Swift's own handler swallows a SIGSEGV that was sent and is no fault of the code.
    ///
    /// - Parameter times: after so many it stops.
    private func crash(_ job: String, in system: Installation, times: Int = .max) async throws {
        var killed: Set<String> = []
        while killed.count < times {
            for worker in system.workers {
                for line in worker.lines where line.contains("\"job_started\"") && line.contains(job) {
                    guard killed.insert(line).inserted else { continue }
                    let pid = try JSON.read(Array(line.utf8)) { $0["pid"]?.int } ?? 0
                    Signal.kill.send(to: Int32(pid))
                }
            }
            try await LoopActor.loop.sleep(for: .milliseconds(5))
        }
    }

    private func jobID(of message: String, in system: Installation) async throws -> String {
        let enqueued = try await system.api.line(containing: "webhook_enqueued", message)
        return try #require(try JSON.read(Array(enqueued.utf8)) { $0["job_id"]?.string })
    }

    @Test func `an innocent one that runs in quarantine when its worker stops is answered by the next, once`()
        async throws
    {
        var options = Installation.Options()
        // The AI takes longer than a worker has to stop.
        options.environment = ["JOB_LEASE_SECONDS": "3", "SHUTDOWN_GRACE_SECONDS": "3"]
        options.simulatorArguments = ["--ai-latency-ms", "6000", "--gateway-latency-ms", "5"]
        try await Installation.with(options) { system in
            try await system.post("hi", from: "15550001111", id: "INNOCENT")
            let job = try await jobID(of: "INNOCENT", in: system)
            let crashing = LoopActor.loop.spawn { try await crash(job, in: system, times: 2) }
            defer { crashing.cancel() }
            for _ in 0..<2 {
                let worker = system.workers[system.workers.count - 1]
                #expect(try await worker.exit() == .signal(.kill))
                try system.addWorker()
            }
            let worker = system.workers[system.workers.count - 1]
            try await worker.line(containing: "job_started", job, within: .seconds(60))
            worker.signal(.terminate)
            #expect(try await worker.exit() == .code(0))
            #expect(!worker.lines.contains { $0.contains("crashed its process") })
            try system.addWorker()
            _ = try await system.delivered(1, within: .seconds(60))
            try await system.quiet()
            let texts = try await system.delivered()
            #expect(texts.map(\.contact) == ["15550001111"])
        }
    }

    @Test func `ends dead after three crashes, and all others are answered once`() async throws {
        var options = Installation.Options()
        options.environment = ["JOB_LEASE_SECONDS": "3"]
        options.simulatorArguments = ["--ai-latency-ms", "2000", "--gateway-latency-ms", "5"]
        try await Installation.with(options) { system in
            for number in 0..<20 { try await system.post("hi", from: "1555000200\(number)", id: "B\(number)") }
            try await system.post("culprit", from: "15550001111", id: "CULPRIT")
            let job = try await jobID(of: "CULPRIT", in: system)
            let crashing = LoopActor.loop.spawn { try await crash(job, in: system) }
            defer { crashing.cancel() }
            try await system.post("behind", from: "15550001111", id: "BEHIND")
            // As compose would do it.
            for _ in 0..<2 {
                let worker = system.workers[system.workers.count - 1]
                #expect(try await worker.exit() == .signal(.kill))
                try system.addWorker()
            }
            let worker = system.workers[system.workers.count - 1]
            try await worker.line(containing: "job_dead", job, within: .seconds(60))
            #expect(worker.lines.contains { $0.contains("Quarantine runs") })
            let texts = try await system.delivered(21, within: .seconds(60))
            try await system.quiet()
            #expect(try await system.delivered().count == 21)
            #expect(texts.filter { $0.contact == "15550001111" }.map { $0.text.contains("behind") } == [true])
            let pool = PostgresPool(url: system.database)
            pool.start()
            try await pool.waitUntilReady(within: .seconds(5))
            let dead = try await pool.query("SELECT id, reason FROM dead_jobs")
            #expect(dead.map { $0.optionalString("id") } == [job])
            #expect(dead[0].string("reason").contains("quarantine"))
            await pool.close()
            // The worker itself goes on, and stops in order.
            worker.signal(.terminate)
            #expect(try await worker.exit() == .code(0))
        }
    }
}
