import Foundation
import Native
import Shared
import TestSupport
import Testing

@Suite("The same contact over several providers", .onLoop, .serialized)
@LoopActor struct IdentityTests {
    private static let phone = "15550001111"

    /// A message that came under a `@lid`.
    ///
    /// - Parameter phone: whether it tells the phone too.
    private func post(_ text: String, id: String, tellsPhone: Bool, _ system: Installation) async throws {
        let now = Int(Date().timeIntervalSince1970)
        let phone = tellsPhone ? #","remoteJidAlt":"\#(Self.phone)@s.whatsapp.net""# : ""
        let answer = try await system.call(
            "POST", system.api, "/webhook/whatsapp/incoming",
            body: """
                {"tenantId":"\(Installation.business)","payload":{"type":"notify","messages":[{"key":{"remoteJid":\
                "5@lid"\(phone),"fromMe":false,"id":"\(id)"},"message":{"conversation":"\(text)"},\
                "pushName":"Dana","messageTimestamp":\(now)}]}}
                """,
            headers: [("Content-Type", "application/json"), ("X-Internal-Secret", Installation.secret)])
        #expect(answer.status == 200)
    }

    @Test func `a reply that fails over reaches the phone behind a lid, told with the message or before`() async throws
    {
        try await Installation.with { system in
            try await system.put(Installation.business, [.baileys, .twilio]) { $0.readMarks = false }
            try await system.fault(#"{"gateway":{"mode":"cannot_send"}}"#)
            try await post("both", id: "L1", tellsPhone: true, system)
            try await system.delivered(1)
            try await system.quiet()
            try await post("lid alone", id: "L2", tellsPhone: false, system)
            let texts = try await system.delivered(2)
            #expect(texts.map(\.provider) == ["twilio", "twilio"])
            #expect(texts.map(\.contact) == [Self.phone, Self.phone])
            #expect(texts[1].text.hasPrefix("You said: lid alone"))
            try await system.quiet()
        }
    }

    @Test func `what the other provider cannot reach is not sent to it, and waits for the one that can`() async throws {
        try await Installation.with { system in
            try await system.put(Installation.business, [.baileys, .twilio]) { $0.readMarks = false }
            try await system.fault(#"{"gateway":{"mode":"cannot_send"}}"#)
            try await post("nobody knows my number", id: "L1", tellsPhone: false, system)
            try await system.workers[0].line(containing: "job_retried")
            #expect(try await system.delivered().isEmpty)
            try await system.fault(#"{"gateway":{"mode":"ok"}}"#)
            let texts = try await system.delivered(1, within: .seconds(40))
            #expect(texts.map(\.provider) == ["baileys"] && texts[0].contact.hasPrefix("5"))
            try await system.quiet()
            #expect(try await system.delivered().count == 1)
        }
    }

    @Test func `a reply goes out in a template where the contact has not written to that number`() async throws {
        var options = Installation.Options()
        options.environment = Installation.senders
        try await Installation.with(options) { system in
            try await system.put("shop", [.baileys, .twilio]) {
                $0.readMarks = false
                $0.twilioTemplate = "HX1"
                $0.twilioFrom = "whatsapp:" + Installation.twilioNumber
            }
            try await system.fault(#"{"gateway":{"mode":"cannot_send"}}"#)
            try await system.post("one", from: Self.phone, id: "W1", to: "shop")
            let first = try await system.delivered(1)
            #expect(first[0].text.hasPrefix("[HX1] You said: one I am the simulator's AI"))
            try await system.quiet()
            // Now the contact writes to Twilio's number, and that is open for a day.
            try await system.twilio(
                "/webhook/twilio/shop",
                Installation.twilioText("two", from: Self.phone, id: "SM0123456789abcdef0123456789abcdef"))
            try await system.delivered(2)
            try await system.quiet()
            try await system.post("three", from: Self.phone, id: "W3", to: "shop")
            let texts = try await system.delivered(3)
            #expect(texts.map(\.provider) == ["twilio", "twilio", "twilio"])
            #expect(texts.dropFirst().allSatisfy { $0.text.hasPrefix("You said: t") })
            try await system.quiet()
        }
    }
}
