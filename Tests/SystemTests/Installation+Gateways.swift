import Foundation
import Native
import Shared
import TestSupport

/// What the tests of other gateways' webhooks share.
extension Installation {
    static let evolutionSecret = "evolution-secret"
    static let wahaSecret = "waha-secret"

    /// Both gateways, at the simulator's place, for every business.
    static func withGateways(
        _ environment: [String: String] = [:], _ body: @LoopActor (Installation) async throws -> Void
    ) async throws {
        var options = Options()
        options.environment = [
            "EVOLUTION_API_KEY": "evolution-key", "EVOLUTION_WEBHOOK_SECRET": evolutionSecret,
            "WAHA_API_KEY": "waha-key", "WAHA_WEBHOOK_SECRET": wahaSecret, "OUTBOUND_ALLOW_HOSTS": "127.0.0.1",
        ].merging(environment) { $1 }
        try await with(options) { system in
            // Before, a wrong proof may be one that the API cannot judge yet, and gets 503.
            try await system.api.line(containing: "Businesses are known")
            try await body(system)
        }
    }

    /// Writes a business as an administrator would, and waits until the API knows it. It has a secret of its own for the
    /// gateway that it does not use: once that opens, the API has read its settings.
    func put(
        _ id: String, providers: [ProviderName], _ settings: (inout BusinessSettings) -> Void = { _ in }
    ) async throws {
        var business = Business(id: id, name: id, providers: providers)
        business.settings.evolutionURL = "http://127.0.0.1:\(simulator.port)"
        business.settings.evolutionAPIKey = "own-key"
        business.settings.wahaURL = business.settings.evolutionURL
        business.settings.wahaAPIKey = "own-key"
        let asksWAHA = providers.first == .evolution
        if asksWAHA {
            business.settings.wahaWebhookSecret = "probe"
        } else {
            business.settings.evolutionWebhookSecret = "probe"
        }
        settings(&business.settings)
        let pool = PostgresPool(url: database)
        pool.start()
        try await pool.waitUntilReady(within: .seconds(10))
        try await BusinessStore(pool: pool).upsert(business)
        await pool.close()
        try await poll(within: .seconds(20), "the API to know \(id)") {
            let answer =
                if asksWAHA {
                    try await self.postWAHA(#"{"event":"session.status"}"#, "/webhook/waha/\(id)", key: "probe")
                } else {
                    try await self.postEvolution(
                        #"{"event":"connection.update"}"#, "/webhook/evolution/\(id)",
                        proof: ("X-Webhook-Secret", "probe"))
                }
            return answer.status == 200 ? true : nil
        }
    }

    // MARK: Evolution

    static func evolutionBody(_ text: String, from contact: String, id: String, instance: String) -> String {
        """
        {"event":"messages.upsert","instance":"\(instance)","data":{"key":{"remoteJid":"\(contact)@s.whatsapp.net",
        "fromMe":false,"id":"\(id)"},"pushName":"Ana","status":"DELIVERY_ACK","message":{"conversation":"\(text)"},
        "contextInfo":{},"messageType":"conversation","messageTimestamp":\(Int(Date().timeIntervalSince1970)),
        "instanceId":"8c3a54d2","source":"android"},"destination":"x","date_time":"2025-11-21T21:22:41.518Z",
        "sender":"5511888880000@s.whatsapp.net","server_url":"http://evolution:8080","apikey":"k"}
        """
    }

    func postEvolution(
        _ body: String, _ path: String = "/webhook/evolution",
        proof: (String, String) = ("X-Webhook-Secret", evolutionSecret)
    ) async throws -> HTTPClient.Response {
        try await call("POST", api, path, body: body, headers: [("Content-Type", "application/json"), proof])
    }

    // MARK: WAHA

    static func wahaBody(
        _ text: String, from contact: String, id: String, session: String, metadata: String = "{}"
    ) -> String {
        """
        {"id":"evt_01","timestamp":1741249702485,"event":"message","session":"\(session)","metadata":\(metadata),
        "me":{"id":"71111111111@c.us"},"engine":"GOWS","environment":{"tier":"PLUS","version":"2026.7.1"},
        "payload":{"id":"false_\(contact)@c.us_\(id)","timestamp":\(Int(Date().timeIntervalSince1970)),
        "from":"\(contact)@c.us","fromMe":false,"source":"app","to":"71111111111@c.us","body":"\(text)",
        "hasMedia":false}}
        """
    }

    func postWAHA(
        _ body: String, _ path: String = "/webhook/waha", key: String = wahaSecret
    ) async throws -> HTTPClient.Response {
        let signature = Hex.encode(Digest.sha512.hmac(key: key, message: Array(body.utf8)))
        return try await call(
            "POST", api, path, body: body,
            headers: [
                ("Content-Type", "application/json"), ("X-Webhook-Hmac", signature),
                ("X-Webhook-Hmac-Algorithm", "sha512"),
            ])
    }

    /// Waits for the dead job's reason.
    func deadReason() async throws -> String {
        let pool = PostgresPool(url: database)
        pool.start()
        try await pool.waitUntilReady(within: .seconds(10))
        let reason = try await poll(within: .seconds(30), "a dead job") {
            try await pool.query("SELECT reason FROM dead_jobs").first?.optionalString("reason")
        }
        await pool.close()
        return reason
    }
}
