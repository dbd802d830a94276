import Foundation
import Native
import Shared
import TestSupport
import Testing

@testable import CLI

@Suite("Parts", .onLoop, .timeLimit(.minutes(1)))
@LoopActor struct PartTests {
    /// `rejoinder` itself, which lies beside the test runner and ties a child to its parent.
    private static let launcher = ThisProgram.folder + "/rejoinder"

    /// A part and what was seen of it.
    @LoopActor private final class Stage {
        var said = ""
        var started: [ProcessIdentity] = []
        /// Asked as long as nothing is set.
        var missing: String?

        func part(_ script: String, readyWithin: Duration = .seconds(20), grace: Duration = .seconds(20)) -> Part {
            let plan = PartPlan(
                name: "part", title: "Part", command: ChildCommand("sh", ["-c", script]), stopSignal: .terminate,
                grace: grace, readyWithin: readyWithin, notReady: { self.missing })
            return Part(
                plan, output: .null, console: Console { self.said += $0 }, launcher: PartTests.launcher,
                onStart: { self.started.append($0) })
        }
    }

    @Test func `a part that ends by itself is started again, and stays stopped when it is stopped`() async throws {
        let stage = Stage()
        let part = stage.part("exec sleep 600")
        try await part.start()
        let first = try #require(stage.started.first)
        #expect(first.isRunning)
        Signal.kill.send(to: first.pid)
        try await eventually { stage.said.hasSuffix("Part is ready again\n") }
        #expect(stage.said.hasPrefix("Part ended with SIGKILL; it starts again in 0.5 s\n"))
        let second = try #require(stage.started.last)
        #expect(stage.started.count == 2 && second.isRunning)
        await part.stop()
        #expect(!second.isRunning)
        #expect(stage.started.count == 2)
    }

    @Test func `a part that ends before it is ready is a failure with its exit code`() async throws {
        let stage = Stage()
        stage.missing = "not yet"
        let part = stage.part("exit 3")
        await #expect(throws: UpFailure("Part ended with exit code 3", part: "part")) { try await part.start() }
        await part.stop()
    }

    @Test func `a part that cannot be started is a failure too`() async throws {
        let stage = Stage()
        stage.missing = "not yet"
        let plan = PartPlan(
            name: "part", title: "Part", command: ChildCommand("/no/such/program"), stopSignal: .terminate,
            grace: .seconds(1), readyWithin: .seconds(20), notReady: { "not yet" })
        let part = Part(plan, output: .null, console: Console { _ in }, launcher: Self.launcher) { _ in }
        await #expect(throws: UpFailure("Part ended with exit code 127", part: "part")) { try await part.start() }
    }

    @Test func `a part that is not ready in time is named with what it lacks`() async throws {
        let stage = Stage()
        stage.missing = "a licence"
        let part = stage.part("exec sleep 600", readyWithin: .milliseconds(100))
        let failure = UpFailure("Part was not ready within 0.1 s: a licence", part: "part")
        await #expect(throws: failure) { try await part.start() }
        await part.stop()
        #expect(stage.started.allSatisfy { !$0.isRunning })
    }

    @Test func `a part that does not stop when asked is killed after its grace`() async throws {
        let stage = Stage()
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let part = stage.part(
            "trap '' TERM; : > \(folder.path)/deaf; while :; do sleep 1; done", grace: .milliseconds(50))
        try await part.start()
        try await eventually { SmallFile.size(folder.path + "/deaf") != nil }
        await part.stop()
        #expect(stage.said == "Part did not stop within 0.1 s and is killed\n")
        #expect(stage.started.allSatisfy { !$0.isRunning })
    }
}

@Suite("Leftovers", .onLoop, .timeLimit(.minutes(1)))
@LoopActor struct LeftoverTests {
    @Test func `what a run before left is ended, and another process of the same number is not`() async throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let path = folder.path + "/processes.json"
        let left = try ChildProcess(ChildCommand("sleep", ["600"]))
        let spared = try ChildProcess(ChildCommand("sleep", ["600"]))
        let before = StartedProcesses(path: path)
        before.add("left", try #require(ProcessIdentity(of: left.pid)), stopSignal: .terminate)
        before.add("spared", try #require(ProcessIdentity(of: spared.pid)), stopSignal: .terminate)
        // As if that number had been another process's, of an earlier run of the machine.
        let file = try #require(SmallFile.read(path))
        let boot = try #require(ProcessIdentity(of: spared.pid)).boot
        let place = try #require(file.range(of: boot, options: .backwards))
        try SmallFile.write(file.replacingCharacters(in: place, with: "another"), to: path)

        let ended = try await StartedProcesses(path: path).endLeftovers(grace: .seconds(20))
        #expect(ended == ["left"])
        #expect(try await left.exit == .signal(.terminate))
        #expect(spared.exitIfEnded == nil)
        spared.terminate(.kill)
        _ = try await spared.exit
    }
}

@Suite("Database setup", .onLoop, .timeLimit(.minutes(2)))
@LoopActor struct DatabaseSetupTests {
    @Test func `the schema and a business are made once, and what was changed since stays`() async throws {
        let server = try await PostgresServer.shared()
        let url = server.url(try await server.createDatabase())
        let applied = try await DatabaseSetup(url: url).run(business: "business_1")
        #expect(applied == Migration.all)
        #expect(MigrateCommand.report(applied).hasPrefix("Applied 1 "))

        let pool = PostgresPool(url: url)
        pool.start()
        try await pool.waitUntilReady(within: .seconds(10))
        try await pool.query("UPDATE businesses SET name = 'Mine'")
        #expect(try await DatabaseSetup(url: url).run(business: "business_1").isEmpty)
        #expect(try await pool.query("SELECT name FROM businesses").map { $0.string("name") } == ["Mine"])
        await pool.close()
    }
}
