import Native
import TestSupport

/// A command of `rejoinder` as a child process without a terminal.
@LoopActor final class OperatorCommandUnderTest {
    private(set) var output: [String] = []
    private(set) var errors: [String] = []
    private var process: ChildProcess!

    init(_ arguments: [String], _ environment: [String: String]) throws {
        var command = ChildCommand(ServiceUnderTest.folder + "/rejoinder", arguments)
        command.environment = environment.merging(["PATH": "/usr/bin:/bin"]) { ours, _ in ours }
        command.output = .lines { [weak self] in self?.output.append($0) }
        command.errors = .lines { [weak self] in self?.errors.append($0) }
        process = try ChildProcess(command)
    }

    func signal(_ signal: Signal) { process.terminate(signal) }

    /// The status it ended with.
    func status(within limit: Duration = .seconds(40)) async throws -> Int {
        let process = process!
        do {
            guard case .code(let code) = try await withDeadline(limit, operation: { try await process.exit }) else {
                throw NeverHappened(description: "it was killed: \(output) \(errors)")
            }
            return code
        } catch {
            process.terminate(.kill)
            throw error
        }
    }
}

extension Installation {
    /// Runs a command of `rejoinder` on this installation to its end.
    func run(
        _ arguments: String..., changing: [String: String] = [:]
    ) async throws -> (status: Int, output: [String], errors: [String]) {
        let command = try OperatorCommandUnderTest(arguments, environment.merging(changing) { $1 })
        let status = try await command.status()
        return (status, command.output, command.errors)
    }
}
