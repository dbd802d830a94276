import Foundation
import Native

/// `services/baileys` as a process, on a WhatsApp that does as it is told: its `test/fake-gateway.js` says what can be told.
/// Stop it before the test ends.
@LoopActor package final class NodeGatewayProcess {
    package struct Refused: Error { package let status: Int }

    /// Without a slash at its end.
    package let url: String
    package let client = HTTPClient()
    private let process: ChildProcess
    private let folder: TemporaryFolder

    private static let script = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().appendingPathComponent("../../services/baileys/test/fake-gateway.js").standardized
        .path

    /// - Parameter environment: beside where it listens and keeps its files.
    package init(_ environment: [String: String]) async throws {
        folder = try TemporaryFolder()
        let port = OneShot<Int>()
        var command = ChildCommand("/usr/bin/env", ["node", Self.script])
        command.environment = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin",
            "GATEWAY_HOST": "127.0.0.1", "GATEWAY_PORT": "0", "GATEWAY_DATA_DIR": folder.path,
        ].merging(environment) { $1 }
        command.output = .null
        command.errors = .lines { line in
            guard line.contains("process_started") else { return }
            let read = try? JSON.read(Array(line.utf8)) { $0["port"]?.int }
            if let found = read ?? nil { port.resolve(found) }
        }
        process = try ChildProcess(command)
        url = try await "http://127.0.0.1:\(withDeadline(.seconds(60)) { try await port.value })"
    }

    /// Tells its WhatsApp something about a business. Returns what was sent for that: `{"sent":[{"id":…,"to":…}]}`.
    @discardableResult
    package func tell(_ business: String, _ body: String) async throws -> [UInt8] {
        let response = try await client.send(
            HTTPClient.Request(
                method: "POST", url: "\(url)/fake/\(business)", body: Array(body.utf8), timeout: .seconds(60),
                allowsPrivateAddresses: true))
        guard response.status == 200 else { throw Refused(status: response.status) }
        return response.body
    }

    /// Ids of what went out for a business, in order.
    package func sent(_ business: String) async throws -> [String] {
        try JSON.read(try await tell(business, "{}")) { root in
            root["sent"].map { $0.items.compactMap { $0["id"]?.string } } ?? []
        }
    }

    package func stop() async {
        client.close()
        process.terminate(.kill)
        _ = try? await process.exit
        folder.remove()
    }
}
