import FoundationEssentials
import Native
import TestSupport
import Testing

@Suite("Child processes", .onLoop, .timeLimit(.minutes(1)))
@LoopActor struct ChildProcessTests {
    private func shell(_ script: String) -> ChildCommand { ChildCommand("sh", ["-c", script]) }

    @Test(arguments: [0, 1, 7, 255])
    func `an exit code is told`(code: Int) async throws {
        let child = try ChildProcess(shell("exit \(code)"))
        #expect(try await child.exit == .code(code))
        #expect(child.exitIfEnded == .code(code))
    }

    @Test func `the signal that ended it is told`() async throws {
        let child = try ChildProcess(ChildCommand("sleep", ["600"]))
        #expect(child.exitIfEnded == nil)
        child.terminate()
        #expect(try await child.exit == .signal(.terminate))
        // Nothing to signal any more, and nothing happens.
        child.terminate(.kill)
    }

    @Test func `all lines of both outputs are told before the exit is`() async throws {
        let lines = Lines()
        var command = shell("for i in $(seq 1 2000); do echo out $i; done; echo oops >&2; printf last")
        command.output = .lines { lines.output.append($0) }
        command.errors = .lines { lines.errors.append($0) }
        let exit = try await ChildProcess(command).exit
        #expect(exit == .code(0))
        #expect(lines.output == (1...2000).map { "out \($0)" } + ["last"])
        #expect(lines.errors == ["oops"])
    }

    @Test func `lines that are sent are read, until the input is closed`() async throws {
        let lines = Lines()
        var command = shell("while read line; do echo got $line; done; echo end")
        command.input = .lines
        command.output = .lines { lines.output.append($0) }
        let child = try ChildProcess(command)
        for word in ["one", "two"] { try child.send(line: word) }
        child.closeInput()
        #expect(try await child.exit == .code(0))
        #expect(lines.output == ["got one", "got two", "end"])
        #expect(throws: SystemError.self) { try child.send(line: "three") }
    }

    @Test func `a child that does not read is told apart from one that does`() async throws {
        var command = ChildCommand("sleep", ["600"])
        command.input = .lines
        let child = try ChildProcess(command)
        #expect(throws: SystemError.self) {
            for _ in 0..<10_000 { try child.send(line: String(repeating: "x", count: 100)) }
        }
        child.terminate(.kill)
        _ = try await child.exit
        #expect(throws: SystemError.self) { try child.send(line: "gone") }
    }

    @Test func `environment, working directory and an output file are as asked`() async throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        var command = ChildCommand("/bin/sh", ["-c", "pwd; echo \"$WORD:$HOME\"; cat"])
        command.environment = ["WORD": "a b"]
        command.workingDirectory = folder.path
        command.output = .file(folder.path + "/out")
        #expect(try await ChildProcess(command).exit == .code(0))
        #expect(try await ChildProcess(command).exit == .code(0))
        let once = "\(folder.path)\na b:\n"
        #expect(SmallFile.read(folder.path + "/out") == once + once)
    }

    @Test func `what cannot be started says so`() async throws {
        var command = ChildCommand("/no/such/program")
        command.output = .lines { _ in }
        #expect(throws: SystemError(action: "start /no/such/program", code: 2)) { try ChildProcess(command) }
        command = shell("exit 0")
        command.output = .file("/no/such/folder/file")
        #expect(throws: SystemError(action: "open /no/such/folder/file", code: 2)) { try ChildProcess(command) }
    }

    @Test func `a wait for the exit has its own cancellation`() async throws {
        let child = try ChildProcess(ChildCommand("sleep", ["600"]))
        await #expect(throws: DeadlineExceeded.self) {
            try await withDeadline(.milliseconds(5)) { _ = try await child.exit }
        }
        child.terminate(.kill)
        #expect(try await child.exit == .signal(.kill))
    }

    @Test func `a group is ended with all its processes`() async throws {
        let lines = Lines()
        var command = shell("sleep 600 & echo $!; wait")
        let first = OneShot<Int32>()
        command.output = .lines { line in
            lines.output.append(line)
            first.resolve(Int32(line) ?? 0)
        }
        let child = try ChildProcess(command)
        let grandchild = try await withDeadline(.seconds(10)) { try await first.value }
        child.terminateGroup(.kill)
        #expect(try await child.exit == .signal(.kill))
        try await gone(grandchild)
    }
}

@LoopActor final class Lines {
    var output: [String] = []
    var errors: [String] = []
}

/// Waits until a process that is not our child has ended. Its parent or `init` may take a while to reap it.
@LoopActor func gone(_ pid: Int32) async throws {
    try await withDeadline(.seconds(10)) {
        while Signal(rawValue: 0).send(to: pid), SmallFile.read("/proc/\(pid)/stat")?.contains(") Z ") != true {
            try await LoopActor.loop.sleep(for: .milliseconds(2))
        }
    }
}
