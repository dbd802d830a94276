import Native
import TestSupport
import Testing

@Suite("A worker's start", .onLoop, .serialized)
@LoopActor struct WorkerStartTests {
    @Test func `takes its first job when Postgres has answered, so that the job does not come back`() async throws {
        let postgres = try await PostgresServer.launch()
        var options = Installation.Options()
        options.postgres = postgres
        options.workers = 0
        try await Installation.with(options) { system in
            try postgres.pause()
            let worker = try system.addWorker(changing: ["AUTO_MIGRATE": "0"])
            try await worker.started()
            try await system.post("hello", from: "15550001111", id: "W1")
            // Long enough for a worker that does not wait to take the job; one that waits is none the worse for more.
            try await LoopActor.loop.sleep(for: .milliseconds(500))
            try postgres.resume()
            #expect(try await system.delivered(1, to: "15550001111", within: .seconds(30)).count == 1)
            #expect(worker.lines.filter { $0.contains("job_retried") } == [])
        }
        try await postgres.stop()
    }
}
