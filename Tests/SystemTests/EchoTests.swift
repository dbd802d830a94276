import Foundation
import Native
import Shared
import TestSupport
import Testing

/// Messages under a business's own number, as Evolution, WAHA and Meta report them: what a person typed, and what we sent. Of
/// the Baileys gateway see `HandoverTests`.
@Suite("What goes out under a business's number", .onLoop, .serialized)
@LoopActor struct EchoTests {
    enum Gateway: String, CaseIterable, Sendable {
        case evolution, waha, meta

        var contact: String {
            switch self {
            case .evolution: "5511999990001"
            case .waha: "5511999990002"
            case .meta: "16505551234"
            }
        }

        /// Instance, session, or phone number id.
        var name: String { self == .meta ? "106540352242922" : "of-\(rawValue)" }

        /// Of a message that went out under that id, whoever sent it. WAHA says of what was sent through itself that it was,
        /// but for engines that do not know.
        @LoopActor func own(_ text: String, id: String) -> String {
            let now = Int(Date().timeIntervalSince1970)
            switch self {
            case .evolution:
                return Installation.evolutionBody(text, from: contact, id: id, instance: name)
                    .replacing(#""fromMe":false"#, with: #""fromMe":true"#)
            case .waha:
                return """
                    {"id":"evt_02","timestamp":\(now * 1000),"event":"message.any","session":"\(name)","metadata":{},
                    "me":{"id":"71111111111@c.us"},"engine":"GOWS","payload":{"id":"true_\(contact)@c.us_\(id)",
                    "timestamp":\(now),"from":"71111111111@c.us","fromMe":true,"source":null,"to":"\(contact)@c.us",
                    "body":"\(text)","hasMedia":false}}
                    """
            case .meta:
                return """
                    {"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"smb_message_echoes",\
                    "value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"15550783881",\
                    "phone_number_id":"\(name)"},"message_echoes":[{"from":"15550783881","to":"\(contact)","id":"\(id)",\
                    "timestamp":"\(now)","type":"text","text":{"body":"\(text)"}}]}}]}]}
                    """
            }
        }

        /// The id that a phone gives.
        var phonesID: String { self == .meta ? "wamid.HBgLMTY1MDU1NTEyMzQ=" : "3A554E20ECABF3D45BB2" }
    }

    /// Again while the API asks for that, as a gateway would.
    private func post(_ body: String, _ gateway: Gateway, _ system: Installation) async throws {
        let status = try await poll(within: .seconds(20), "a webhook to be taken") {
            let answer =
                switch gateway {
                case .evolution: try await system.postEvolution(body)
                case .waha: try await system.postWAHA(body)
                case .meta: try await system.postMeta(body)
                }
            return answer.status == 503 ? nil : answer.status
        }
        #expect(status == 200)
    }

    private func say(_ text: String, _ id: String, _ gateway: Gateway, _ system: Installation) async throws {
        let body =
            switch gateway {
            case .evolution:
                Installation.evolutionBody(text, from: gateway.contact, id: id, instance: gateway.name)
            case .waha: Installation.wahaBody(text, from: gateway.contact, id: id, session: gateway.name)
            case .meta: Installation.metaBody(text, to: gateway.name, from: gateway.contact, id: id)
            }
        try await post(body, gateway, system)
    }

    /// As it stands in JSON.
    private func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }

    @Test func `our own texts that come back silence nobody, and what a person typed silences the bot`() async throws {
        try await Installation.withGateways(Installation.senders) { system in
            try await system.put("evolution", providers: [.evolution]) { $0.evolutionInstance = Gateway.evolution.name }
            try await system.put("waha", providers: [.waha]) { $0.wahaSession = Gateway.waha.name }
            try await system.put("meta", [.meta]) { $0.metaPhoneNumberID = Gateway.meta.name }
            for gateway in Gateway.allCases {
                try await say("One", "A1", gateway, system)
                let ours = try await system.delivered(1, to: gateway.contact)[0]
                #expect(ours.provider == gateway.rawValue)
                try await system.quiet()
                // Under the id that it went out with, and under another that somebody on the way gave it.
                for id in [ours.id, gateway.phonesID] {
                    try await post(gateway.own(escaped(ours.text), id: id), gateway, system)
                }
                try await system.quiet()
                try await say("Two", "A2", gateway, system)
                #expect(try await system.delivered(2, to: gateway.contact)[1].text.contains("Two"))
                try await system.quiet()

                try await post(gateway.own("I have it", id: gateway.phonesID + "9"), gateway, system)
                try await system.workers[0].line(containing: #""event":"handover""#, gateway.rawValue)
                try await say("Three", "A3", gateway, system)
                try await system.quiet()
                #expect(try await system.delivered(to: gateway.contact).count == 2, "\(gateway)")
            }
            try await system.withPool { pool in
                let rows = try await pool.query(
                    """
                    SELECT business_id, string_agg(kind || ' ' || status, ', ' ORDER BY id) AS messages
                    FROM messages GROUP BY business_id
                    """)
                let told = "text answered, text sent, text answered, text sent, person sent, text skipped"
                #expect(rows.map { $0.string("messages") } == Gateway.allCases.map { _ in told })
            }
        }
    }
}
