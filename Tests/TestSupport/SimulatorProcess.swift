import Foundation
import Native

/// A running `rejoinder-simulator` on a free port, and a client of its. Stop it before the test ends.
@LoopActor package final class SimulatorProcess {
    package struct NotReady: Error {}

    package let url: String
    package let process: ChildProcess
    package let client = HTTPClient()
    private let errorLines: Lines

    @LoopActor private final class Lines { var all: [String] = [] }

    /// Beside the test runner.
    package static nonisolated var executable: String {
        URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path + "/rejoinder-simulator"
    }

    package init(_ arguments: [String] = [], environment: [String: String] = [:]) async throws {
        let ready = OneShot<String>()
        let errors = Lines()
        var command = ChildCommand(Self.executable, ["--port", "0"] + arguments)
        command.environment = environment
        command.output = .lines { line in
            if let start = line.range(of: "http://") { ready.resolve(String(line[start.lowerBound...])) }
        }
        command.errors = .lines { errors.all.append($0) }
        errorLines = errors
        process = try ChildProcess(command)
        url = try await withDeadline(.seconds(20)) { try await ready.value }
    }

    /// What it logged.
    package var log: [String] { errorLines.all }

    /// Asks it to end. Its exit is 0.
    package func stop() async throws -> ChildExit {
        client.close()
        process.terminate()
        return try await withDeadline(.seconds(20)) { [process] in try await process.exit }
    }

    /// One call, with `body` as JSON or a form.
    package func call(
        _ method: String, _ path: String, _ body: String = "", headers: [(String, String)] = [],
        timeout: Duration = .seconds(10)
    ) async throws(HTTPClientError) -> HTTPClient.Response {
        try await client.send(
            HTTPClient.Request(
                method: method, url: url + path, headers: headers, body: Array(body.utf8), timeout: timeout,
                allowsPrivateAddresses: true))
    }
}
