import Foundation
import Native
import TestSupport

/// One of our executables as a child process, its log lines at hand.
@LoopActor final class ServiceUnderTest {
    let name: String
    /// Every line it wrote on stderr.
    private(set) var lines: [String] = []
    /// Called for each line to come.
    var onLine: (String) -> Void = { _ in }
    private let command: ChildCommand
    private var process: ChildProcess
    private let written: LineBell

    /// The port of its `process_started` line.
    private(set) var port = 0

    /// Where SwiftPM puts the executables: beside the test bundle.
    static let folder: String = {
        let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: bundle).deletingLastPathComponent().path
    }()

    init(_ name: String, _ environment: [String: String], arguments: [String] = []) throws {
        self.name = name
        let bell = LineBell()
        written = bell
        var command = ChildCommand(Self.folder + "/" + name, arguments)
        command.environment = environment.merging(["PATH": "/usr/bin:/bin"]) { ours, _ in ours }
        command.output = .null
        command.errors = .lines { bell.ring($0) }
        self.command = command
        process = try ChildProcess(ParentTie(signal: .kill, launcher: Self.folder + "/rejoinder").tie(command))
        // Lines may come when the test is over.
        bell.onLine = { [weak self] in
            self?.lines.append($0)
            self?.onLine($0)
        }
    }

    var pid: Int32 { process.pid }

    var hasEnded: Bool { process.exitIfEnded != nil }

    func signal(_ signal: Signal) { process.terminate(signal) }

    /// SIGSTOP: connections stay open, and nothing is done.
    func freeze() { signal(Signal(rawValue: SIGSTOP)) }

    /// SIGCONT.
    func thaw() { signal(Signal(rawValue: SIGCONT)) }

    /// How it ended.
    func exit(within limit: Duration = .seconds(40)) async throws -> ChildExit {
        let process = process
        return try await withDeadline(limit) { try await process.exit }
    }

    /// Waits for a log line that contains all of `words`, among those to come and those written already.
    @discardableResult
    func line(containing words: String..., within limit: Duration = .seconds(20)) async throws -> String {
        let isWanted = { (line: String) in words.allSatisfy { line.contains($0) } }
        return try await poll(within: limit, "\(name) to log \(words)") { self.lines.first(where: isWanted) }
    }

    /// Waits until it says that it is up, and learns its port.
    func started() async throws {
        let line = try await line(containing: "process_started")
        port = try JSON.read(Array(line.utf8)) { $0["port"]?.int } ?? 0
    }

    /// Ends it at once, if it runs.
    func kill() async {
        process.terminate(.kill)
        _ = try? await exit()
    }
}

/// Hands lines on to whoever listens by now.
@LoopActor private final class LineBell {
    var onLine: (String) -> Void = { _ in }
    func ring(_ line: String) { onLine(line) }
}
