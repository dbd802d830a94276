import Native
import TestSupport
import Testing

@Suite("A process of its own", .onLoop, .timeLimit(.minutes(1)))
@LoopActor struct LoopProbeTests {
    /// Tied to the test run, so that none stays behind when that is killed.
    private func start(_ command: ChildCommand) throws -> ChildProcess {
        try ChildProcess(ParentTie(signal: .kill, launcher: Self.probe).tie(command))
    }

    private func answer(of question: String) async throws -> [String] {
        let lines = Lines()
        var command = ChildCommand(Self.probe, [question])
        command.output = .lines { lines.output.append($0) }
        #expect(try await start(command).exit == .code(0))
        return lines.output
    }

    /// Beside the test runner.
    private static let probe =
        CommandLine.arguments[0].split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(
            separator: "/")
        + "/LoopProbe"

    @Test func `1,000 tasks with sleeps and child tasks run on one thread`() async throws {
        #expect(try await answer(of: "threads") == ["1"])
    }

    @Test func `10,000 sleeps and deadlines, ended and cancelled, leave no timer behind`() async throws {
        #expect(try await answer(of: "timers") == ["20000 before", "0 after"])
    }

    @Test func `children that ran and children that could not start leave no descriptor behind`() async throws {
        #expect(try await answer(of: "children") == ["0 more descriptors"])
    }

    @Test func `large blocks that were freed stay for the next use`() async throws {
        let words = try #require(try await answer(of: "memory").first?.split(separator: " ").first)
        #expect(Int(words) ?? 0 >= 44)
    }

    @Test func `a tied child dies with its parent, even when that is killed`() async throws {
        let grandchild = OneShot<Int32>()
        var command = ChildCommand(Self.probe, ["parent"])
        command.output = .lines { grandchild.resolve(Int32($0) ?? 0) }
        let parent = try start(command)
        let pid = try await withDeadline(.seconds(10)) { try await grandchild.value }
        #expect(Signal(rawValue: 0).send(to: pid))
        parent.terminate(.kill)
        #expect(try await parent.exit == .signal(.kill))
        try await gone(pid)
    }
}
