import Foundation
import Native
import TestSupport
import Testing

@Suite("rejoinder up", .onLoop, .serialized, .timeLimit(.minutes(2)))
@LoopActor struct UpTests {
    /// A program of ours with its lines of both outputs.
    @LoopActor final class Program {
        private(set) var lines: [String] = []
        private var process: ChildProcess!

        init(_ arguments: [String], _ environment: [String: String] = [:]) throws {
            var command = ChildCommand(ServiceUnderTest.folder + "/rejoinder", arguments)
            command.environment = ["PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"].merging(environment) { $1 }
            command.output = .lines { [weak self] in self?.lines.append($0) }
            command.errors = command.output
            process = try ChildProcess(command)
        }

        func says(_ words: String, within limit: Duration = .seconds(60)) async throws {
            try await poll(within: limit, "\(words), after \(lines)") {
                if self.process.exitIfEnded != nil { throw NeverHappened(description: "it ended: \(self.lines)") }
                return self.lines.contains { $0.contains(words) } ? true : nil
            }
        }

        func signal(_ signal: Signal) { process.terminate(signal) }
        func exit() async throws -> ChildExit { try await process.exit }
    }

    @Test func `one command runs all of it, a conversation can be held, and Ctrl-C leaves nothing behind`() async throws
    {
        // Not in a test's own folder: Postgres runs as another user when we are root, and must get there.
        let data = "/tmp/rejoinder-up-\(getpid())"
        defer { try? FileManager.default.removeItem(atPath: data) }
        let port = try #require(TCPPort.anyFree())
        let up = try Program(["up", "--data", data], ["API_PORT": "\(port)", "API_HOST": "127.0.0.1"])
        defer { up.signal(.kill) }
        try await up.says("Rejoinder is running.")
        let second = try Program(["up", "--data", data])
        #expect(try await second.exit() != .code(0))
        let chat = try Program(["chat", "--data", data, "--once", "Hello from the test"])
        #expect(try await chat.exit() == .code(0))
        #expect(chat.lines.contains { $0.contains("You said: Hello from the test") })
        let queues = try Program(["queues", "--data", data, "--json"])
        #expect(try await queues.exit() == .code(0))
        #expect(queues.lines.contains { $0.contains(#""dead":0,"workers":1"#) }, "\(queues.lines)")
        up.signal(.interrupt)
        #expect(try await up.exit() == .code(0))
        let nobody = try Program(["queues", "--data", data])
        #expect(try await nobody.exit() == .code(1))
        #expect(nobody.lines == ["rejoinder: no `rejoinder up` runs on \(data)"])
        let left = try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { entry in
            guard let words = try? String(contentsOfFile: "/proc/\(entry)/cmdline", encoding: .utf8) else {
                return false
            }
            return words.contains(data)
        }
        #expect(left.isEmpty)
    }
}
