import Foundation
import Native
import TestSupport

/// `services/baileys`. Its business is paired as an administrator would do it.
@LoopActor final class NodeGateway: GatewayUnderTest {
    private let process: NodeGatewayProcess

    var url: String { process.url }
    var client: HTTPClient { process.client }

    init(sendSeconds: Int) async throws {
        process = try await NodeGatewayProcess([
            "INTERNAL_SECRET": Self.secret, "GATEWAY_SEND_SECONDS": "\(sendSeconds)",
            // Nobody listens there: what comes waits in its folder.
            "API_URL": "http://127.0.0.1:9",
        ])
    }

    func pair() async throws {
        _ = try await call("POST", "start")
        try await until("a code") { try await self.call("GET", "qr").string("qr") != nil }
        try await process.tell("shop", #"{"scan":true}"#)
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
        try await process.tell("shop", said)
    }

    /// Another program takes the session.
    func disable() async throws { try await process.tell("shop", #"{"close":440}"#) }

    func bring(_ bytes: String, type: String, with id: String) async throws {
        let key = #"{"remoteJid":"972501234567@s.whatsapp.net","id":"\#(id)"}"#
        let message = #"{"key":\#(key),"message":{"imageMessage":{"mimetype":"\#(type)"}}}"#
        let data = Data(bytes.utf8).base64EncodedString()
        try await process.tell("shop", #"{"message":\#(message),"media":"\#(data)"}"#)
    }

    func delivered() async throws -> [String] { try await process.sent("shop") }

    func stop() async { await process.stop() }
}
