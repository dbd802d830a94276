import Native
import Shared
import TestSupport
import Testing

@Suite("The schedule, in an operator's hands", .onLoop, .serialized)
@LoopActor struct ScheduleCommandTests {
    private func last(of job: String, _ system: Installation) async throws -> String? {
        let listed = try await system.run("schedule", "list", "--json")
        #expect(listed.status == 0 && listed.output.count == PeriodicJob.all.count, "\(listed.errors)")
        for line in listed.output {
            let last = try JSON.read(Array(line.utf8)) { $0["job"]?.string == job ? $0["last"]?.string : nil }
            if let last { return last }
        }
        return nil
    }

    @Test func `shows when each job was enqueued last, and enqueues one now`() async throws {
        var options = Installation.Options()
        options.withScheduler = true
        try await Installation.with(options) { system in
            try await eventually { try await last(of: "gateway_health", system) != nil }
            let table = try await system.run("schedule", "list")
            #expect(table.status == 0 && table.output.count == 1 + PeriodicJob.all.count)
            #expect(table.output[0].split(separator: " ") == ["JOB", "EVERY", "QUEUE", "LAST", "NEXT"])
            #expect(table.output[1].split(separator: " ").prefix(4) == ["gateway_health", "30", "s", "maintenance"])
            let run = try await system.run("schedule", "run", "receipts_sync")
            #expect(run.status == 0 && run.output[0].hasPrefix("receipts_sync is enqueued, as job receipts_sync-run-"))
            let id = try #require(run.output[0].split(separator: " ").last?.dropLast())
            try await system.workers[0].line(containing: String(id))
            try await system.quiet()
        }
    }

    @Test func `says that no scheduler runs, and which jobs there are`() async throws {
        var options = Installation.Options()
        options.withScheduler = false
        options.workers = 0
        try await Installation.with(options) { system in
            let table = try await system.run("schedule", "list")
            #expect(table.status == 0 && table.output.last == "No scheduler runs: nothing of this is enqueued.")
            #expect(table.output[1].split(separator: " ").suffix(2) == ["never", "now"])
            let unknown = try await system.run("schedule", "run", "nothing")
            #expect(unknown.status == 64 && unknown.output.isEmpty)
            #expect(unknown.errors[0].contains("unknown periodic job “nothing”; there are gateway_health, "))
        }
    }
}
