import Foundation
import Native
import Shared
import TestSupport
import Testing

/// The gateway in Node between a WhatsApp of the test's and all of Rejoinder.
@Suite("With the gateway in Node", .onLoop, .serialized, .timeLimit(.minutes(3)))
@LoopActor struct NodeGatewayTests {
    private static let contact = "15550001111@s.whatsapp.net"

    /// A gateway whose business is paired, and an installation that has it.
    private func with(_ body: @LoopActor (NodeGatewayProcess, Installation) async throws -> Void) async throws {
        let port = try #require(TCPPort.anyFree())
        let gateway = try await NodeGatewayProcess([
            "INTERNAL_SECRET": Installation.secret, "API_URL": "http://127.0.0.1:\(port)",
        ])
        do {
            try await pair(gateway)
            var options = Installation.Options()
            options.environment = ["API_PORT": "\(port)", "BAILEYS_URL": gateway.url]
            try await Installation.with(options) { system in try await body(gateway, system) }
        } catch {
            await gateway.stop()
            throw error
        }
        await gateway.stop()
    }

    private func call(_ gateway: NodeGatewayProcess, _ method: String, _ name: String) async throws -> String {
        var request = HTTPClient.Request(
            method: method, url: "\(gateway.url)/whatsapp/\(Installation.business)/\(name)",
            headers: [("X-Internal-Secret", Installation.secret)])
        request.allowsPrivateAddresses = true
        request.timeout = .seconds(30)
        return String(decoding: try await gateway.client.send(request).body, as: UTF8.self)
    }

    private func pair(_ gateway: NodeGatewayProcess) async throws {
        _ = try await call(gateway, "POST", "start")
        try await poll(within: .seconds(60), "a code") {
            try await call(gateway, "GET", "qr").contains(#""qr":"https"#) ? true : nil
        }
        try await gateway.tell(Installation.business, #"{"scan":true}"#)
        try await poll(within: .seconds(60), "a login") {
            try await call(gateway, "GET", "status").contains(#""canSend":true"#) ? true : nil
        }
    }

    /// A message comes in over WhatsApp.
    private func say(_ text: String, id: String, _ gateway: NodeGatewayProcess) async throws {
        let now = Int(Date().timeIntervalSince1970)
        let key = #"{"remoteJid":"\#(Self.contact)","fromMe":false,"id":"\#(id)"}"#
        let message =
            #"{"key":\#(key),"message":{"conversation":"\#(text)"},"pushName":"Dana","messageTimestamp":\#(now)}"#
        try await gateway.tell(Installation.business, #"{"message":\#(message)}"#)
    }

    private func status(of id: String, _ system: Installation) async throws -> String? {
        let pool = PostgresPool(url: system.database)
        pool.start()
        try await pool.waitUntilReady(within: .seconds(20))
        let rows = try await pool.query("SELECT status FROM messages WHERE provider_message_id = '\(id)'")
        await pool.close()
        return rows.first?.string("status")
    }

    @Test func `what comes over WhatsApp is answered over WhatsApp, and its receipt moves the row`() async throws {
        try await with { gateway, system in
            try await say("Hi", id: "M1", gateway)
            // What WhatsApp brings again under its id is answered once.
            try await say("Hi", id: "M1", gateway)
            try await say("And?", id: "M2", gateway)
            let sent = try await poll(within: .seconds(60), "two replies") {
                let ids = try await gateway.sent(Installation.business)
                return ids.count >= 2 ? ids : nil
            }
            #expect(sent.count == 2 && sent.allSatisfy { $0.hasPrefix("3EB0") && $0.count == 22 })
            try await poll(within: .seconds(60), "the row") { try await status(of: sent[0], system) }
            let key = #"{"remoteJid":"\#(Self.contact)","fromMe":true,"id":"\#(sent[0])"}"#
            try await gateway.tell(
                Installation.business,
                #"{"receipt":{"key":\#(key),"update":{"status":4,"messageTimestamp":1763650000}}}"#)
            try await poll(within: .seconds(60), "the receipt") {
                try await status(of: sent[0], system) == "read" ? true : nil
            }
            try await system.quiet(within: .seconds(60))
            #expect(try await gateway.sent(Installation.business) == sent)
        }
    }
}
