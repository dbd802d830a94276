import Native
import TestSupport
import Testing

@testable import Shared

@Suite("Templates", .onLoop)
@LoopActor struct TemplateTests {
    @Test(arguments: [
        ("Hi", "Hi"), ("Hi,\n\nwe are\topen    until six. ", "Hi, we are open until six."), ("שלום\nDana", "שלום Dana"),
        (" \n ", ""),
    ])
    func `a variable is one line`(_ text: String, _ variable: String) { #expect(TemplateText.make(text) == variable) }

    @Test func `a variable is no longer than fits, and cut between characters`() {
        let fitting = String(repeating: "a", count: TemplateText.limit)
        #expect(TemplateText.make(fitting) == fitting)
        let cut = TemplateText.make(String(repeating: "👨‍👩‍👧", count: 200))
        #expect(cut.utf16.count <= TemplateText.limit && cut.hasSuffix("👨‍👩‍👧…"))
    }

    private func message(_ needsTemplate: Set<ProviderName>) -> OutboundMessage {
        var business = Business(id: "shop", name: "Shop")
        business.settings.twilioTemplate = "HX1"
        business.settings.metaTemplate = "late_reply"
        business.settings.metaTemplateLanguage = "pt_BR"
        return OutboundMessage(
            business: business, addresses: [ContactAddress(rawValue: "15550001111@c.us")].compactMap { $0 },
            text: "Yes,\n\"six\" & more", id: "3EB0", needsTemplate: needsTemplate)
    }

    /// The body of what a provider sends.
    private func body(
        _ answer: String, status: Int, _ send: (String) async throws -> Void
    ) async throws -> String {
        var body = ""
        let server = HTTPServer(endpoint: .tcp(host: "127.0.0.1", port: 0)) { request in
            body = String(decoding: request.body, as: UTF8.self)
            return .json(status: status, body: answer)
        }
        try server.start()
        defer { server.stop() }
        try await send("http://127.0.0.1:\(server.port)")
        return body
    }

    @Test func `Meta gets it by name, with the text as its variable, only where it is needed`() async throws {
        func sent(_ needsTemplate: Set<ProviderName>) async throws -> String {
            try await body(#"{"messages":[{"id":"wamid.X"}]}"#, status: 200) { url in
                let settings = try Configuration(
                    environment: ["META_URL": url, "META_ACCESS_TOKEN": "t", "META_PHONE_NUMBER_ID": "42"], role: .tool)
                _ = await MetaProvider(http: HTTPClient(), settings: settings.meta) { _, _ in nil }
                    .send(message(needsTemplate))
            }
        }
        let template =
            #""type":"template","template":{"name":"late_reply","language":{"code":"pt_BR"},"#
            + #""components":[{"type":"body","parameters":[{"type":"text","text":"Yes, \"six\" & more"}]}]}"#
        let needed = try await sent([.meta]), free = try await sent([.twilio])
        #expect(needed.contains(template))
        #expect(free.contains(#""type":"text","text":{"preview_url":false"#))
    }

    @Test func `Twilio gets it by ContentSid, and finds it again by what it came to`() async throws {
        func provider(_ url: String) throws -> TwilioProvider {
            let settings = try Configuration(
                environment: [
                    "TWILIO_URL": url, "TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "t", "TWILIO_FROM": "+1",
                ], role: .tool)
            return TwilioProvider(http: HTTPClient(), settings: settings.twilio, publicURL: nil)
        }
        let form = try await body(#"{"sid":"SM1"}"#, status: 201) {
            _ = try await provider($0).send(message([.twilio]))
        }
        let fields = URLEncodedForm(Array(form.utf8))
        #expect(fields["ContentSid"] == "HX1" && fields["Body"] == nil)
        #expect(fields["ContentVariables"] == #"{"1":"Yes, \"six\" & more"}"#)

        let listed =
            #"{"messages":[{"sid":"SM1","status":"sent","body":"You asked us: Yes, \"six\" & more. Reply to go on.","#
            + #""date_created":"Sun, 15 Nov 2026 10:00:01 +0000"}]}"#
        let since = try #require(TwilioDate.read("Sun, 15 Nov 2026 10:00:00 +0000"))
        _ = try await body(listed, status: 200) { url in
            let found = try await provider(url).lookUp(message([.twilio]), since: since)
            #expect(found == .sent(providerID: "SM1"))
        }
        _ = try await body(listed, status: 200) { url in
            let found = try await provider(url).lookUp(message([]), since: since)
            #expect(found == .notSent)
        }
    }
}
