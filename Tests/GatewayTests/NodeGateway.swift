import Foundation
import Native
import TestSupport

/// `services/baileys` on a WhatsApp that does as it is told: its `test/fake-gateway.js`.
@LoopActor final class NodeGateway: GatewayUnderTest {
    let url: String
    let client = HTTPClient()
    private let process: ChildProcess
    private let folder: TemporaryFolder

    private static let script = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().appendingPathComponent("../../services/baileys/test/fake-gateway.js").standardized
        .path

    init(sendSeconds: Int) async throws {
        folder = try TemporaryFolder()
        let port = OneShot<Int>()
        var command = ChildCommand("/usr/bin/env", ["node", Self.script])
        command.environment = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin",
            "INTERNAL_SECRET": Self.secret, "GATEWAY_HOST": "127.0.0.1", "GATEWAY_PORT": "0",
            "GATEWAY_DATA_DIR": folder.path, "GATEWAY_SEND_SECONDS": "\(sendSeconds)",
            // Nobody listens there: what comes waits in its folder.
            "API_URL": "http://127.0.0.1:9",
        ]
        command.output = .null
        command.errors = .lines { line in
            guard line.contains("process_started") else { return }
            let read = try? JSON.read(Array(line.utf8)) { $0["port"]?.int }
            if let found = read ?? nil { port.resolve(found) }
        }
        process = try ChildProcess(command)
        url = try await "http://127.0.0.1:\(withDeadline(.seconds(60)) { try await port.value })"
    }

    func pair() async throws {
        _ = try await call("POST", "start")
        try await until("a code") { try await self.call("GET", "qr").string("qr") != nil }
        try await fake(#"{"scan":true}"#)
        try await until("a login") { try await self.call("GET", "status").flag("canSend") == true }
    }

    func answer(_ how: WhatsAppAnswer) async throws {
        let said =
            switch how {
            case .takes: #"{"how":"ack"}"#
            case .takesLate(let wait): #"{"how":"ack","delayMS":\#(wait)}"#
            case .refuses: #"{"how":"refuse","code":463}"#
            case .isSilent: #"{"how":"none"}"#
            }
        try await fake(said)
    }

    /// Another program takes the session.
    func disable() async throws { try await fake(#"{"close":440}"#) }

    func bring(_ bytes: String, type: String, with id: String) async throws {
        let message =
            #"{"key":{"remoteJid":"972501234567@s.whatsapp.net","id":"\#(id)"},"message":{"imageMessage":{"mimetype":"\#(type)"}}}"#
        try await fake(#"{"message":\#(message),"media":"\#(Data(bytes.utf8).base64EncodedString())"}"#)
    }

    func delivered() async throws -> [String] {
        try JSON.read(try await fake("{}")) { root in
            root["sent"].map { $0.items.compactMap { $0["id"]?.string } } ?? []
        }
    }

    func stop() async {
        client.close()
        process.terminate(.kill)
        _ = try? await process.exit
        folder.remove()
    }

    @discardableResult private func fake(_ body: String) async throws -> [UInt8] {
        let response = try await client.send(
            HTTPClient.Request(
                method: "POST", url: url + "/fake/shop", body: Array(body.utf8), timeout: .seconds(60),
                allowsPrivateAddresses: true))
        guard response.status == 200 else { throw NeverHappened(description: "the fake answered \(response.status)") }
        return response.body
    }
}
