import Native
import Shared
import TestSupport
import Testing

@testable import API

@Suite("Twilio's webhooks", .onLoop)
@LoopActor struct TwilioSenderTests {
    private static let url = "https://bot.example.com"
    private static let form = ("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
    private static let routes: [StaticString] = [
        "/webhook/twilio", "/webhook/twilio/status", "/webhook/twilio/:tenant", "/webhook/twilio/:tenant/status",
    ]
    /// A vector that was computed with Python: signed by `12345` for `https://bot.example.com/webhook/twilio`.
    private static let vector = """
        SmsMessageSid=SM00000000000000000000000000000001&NumMedia=0&ProfileName=Ana+Souza&MessageType=text\
        &SmsSid=SM00000000000000000000000000000001&WaId=5511999990000&SmsStatus=received\
        &Body=Ol%C3%A1%21+2%2B2%3D4+%26+ok%3F&To=whatsapp%3A%2B14155238886&NumSegments=1&ReferralNumMedia=0\
        &MessageSid=SM00000000000000000000000000000001&AccountSid=AC00000000000000000000000000000001\
        &From=whatsapp%3A%2B5511999990000&ApiVersion=2010-04-01
        """
    private static let signature = ("X-Twilio-Signature", "Df3GEbd7ADjDFNZHWa5OSV1QtE8=")
    private static let status =
        "MessageSid=SM1&MessageStatus=read&From=whatsapp%3A%2B14155238886&To=whatsapp%3A%2B5511999990000"

    private func serving(
        _ known: KnownBusinesses = .of([:]), token: String? = "12345", previous: String? = nil,
        publicURL: String? = Self.url, _ body: (SenderFixture) async throws -> Void
    ) async throws {
        var environment: [String: String] = [:]
        environment["TWILIO_AUTH_TOKEN"] = token
        environment["TWILIO_AUTH_TOKEN_PREVIOUS"] = previous
        let settings = try Configuration(environment: environment, role: .tool).twilio
        try await SenderFixture.with(
            TwilioSender(settings, publicURL: publicURL, businesses: { known }), Self.routes, body)
    }

    private func signed(_ target: String, _ form: String, token: String = "12345", base: String = Self.url) -> (
        String, String
    ) {
        let fields = URLEncodedForm(form).fields
        return ("X-Twilio-Signature", TwilioSignature.sign(url: base + target, form: fields, token: token))
    }

    @Test func `a message of Twilio's own form is proven and read, and answered with empty TwiML`() async throws {
        try await serving { twilio in
            let answer = try await twilio.post("/webhook/twilio", Self.vector, [Self.form, Self.signature])
            #expect(answer.status == 200)
            #expect(answer.body == #"<?xml version="1.0" encoding="UTF-8"?><Response></Response>"#)
            guard case .message(let message)? = answer.events.first else {
                Issue.record("must be a message")
                return
            }
            #expect(message.text == "Olá! 2+2=4 & ok?" && message.tenant == "twilio.14155238886")
        }
    }

    @Test func `the business is the path's, or whose number it is, or the default one, or an alias`() async throws {
        let shop = BusinessSettings.with { $0.twilioFrom = "whatsapp:+14155238886" }
        let bare = BusinessSettings.with { $0.twilioFrom = "14155238886" }
        let cases: [(KnownBusinesses, String, String)] = [
            (.of(["shop": shop]), "/webhook/twilio/other", "other"), (.of(["shop": shop]), "/webhook/twilio", "shop"),
            (.of(["bare": bare]), "/webhook/twilio", "bare"),
            (.of([:], defaultBusiness: "main"), "/webhook/twilio", "main"),
            (.of([:], isLoaded: false, defaultBusiness: "main"), "/webhook/twilio", "twilio.14155238886"),
        ]
        for (known, path, tenant) in cases {
            try await serving(known) { twilio in
                for (target, form) in [(path, Self.vector), (path + "/status", Self.status)] {
                    let answer = try await twilio.post(target, form, [Self.form, signed(target, form)])
                    #expect(answer.status == 200 && answer.events.map(\.tenant) == [tenant], "\(target)")
                }
            }
        }
    }

    /// The worker would resolve it to a business whose own token nobody asked for.
    @Test func `an alias in the path is refused, or put off as long as it may be a business's id`() async throws {
        let shop = BusinessSettings.with {
            $0.twilioFrom = "+14155238886"
            $0.twilioAuthToken = "its own"
        }
        let target = "/webhook/twilio/twilio.14155238886"
        for (known, status) in [
            (KnownBusinesses.of(["shop": shop]), 400), (.of([:], isLoaded: false), 503),
            (.of(["twilio.14155238886": BusinessSettings()]), 200),
        ] {
            try await serving(known) { twilio in
                try await twilio.expect(status, target, Self.vector, [Self.form, signed(target, Self.vector)])
            }
        }
    }

    @Test func `the signature is over PUBLIC_URL with its own path, the path and the query as received`() async throws {
        let target = "/webhook/twilio/shop?a=%7e1&b="
        try await serving(publicURL: "https://bot.example.com:8443/wa/") { twilio in
            for base in ["https://bot.example.com:8443/wa", "https://bot.example.com/wa"] {
                let proof = signed(target, Self.vector, base: base)
                let answer = try await twilio.post(target, Self.vector, [Self.form, proof])
                #expect(answer.status == 200)
            }
            let elsewhere = signed(target, Self.vector, base: "https://other.example.com/wa")
            let headers = [Self.form, elsewhere, ("X-Forwarded-Host", "other.example.com")]
            try await twilio.expect(401, target, Self.vector, headers)
        }
    }

    @Test func `what is not proven is refused whatever its body`() async throws {
        try await serving(previous: "") { twilio in
            let proof = signed("/webhook/twilio", Self.vector, token: "54321")
            for (body, headers) in [
                (Self.vector, [Self.form]), (Self.vector, [Self.form, proof]),
                (Self.vector + "&Body=more", [Self.form, Self.signature]), ("%%%", [Self.form, Self.signature]),
                ("", [Self.signature]), ("{}", [("Content-Type", "application/json"), Self.signature]),
            ] {
                let answer = try await twilio.post("/webhook/twilio", body, headers)
                #expect(answer == SenderFixture.Answer(status: 401, body: #"{"error":"unauthorized"}"#))
            }
            // Signed for another path.
            try await twilio.expect(401, "/webhook/twilio/x", Self.vector, [Self.form, Self.signature])
        }
    }

    @Test func `a form of very many fields is not read to its end, and so not proven`() async throws {
        let more = (0..<URLEncodedForm.maxFields).map { (name: "a\($0)", value: "b") }
        let form = Self.vector + more.map { "&\($0.name)=\($0.value)" }.joined()
        let signature = TwilioSignature.sign(
            url: Self.url + "/webhook/twilio", form: URLEncodedForm(Self.vector).fields + more, token: "12345")
        try await serving { twilio in
            try await twilio.expect(401, "/webhook/twilio", form, [Self.form, ("X-Twilio-Signature", signature)])
        }
    }

    @Test func `without a token or without PUBLIC_URL it is closed`() async throws {
        for (token, url) in [(nil, Self.url), ("12345", nil)] as [(String?, String?)] {
            try await serving(token: token, publicURL: url) { twilio in
                let answer = try await twilio.post("/webhook/twilio", Self.vector, [Self.form, Self.signature])
                #expect(answer.status == 401)
            }
        }
    }

    @Test func `during a rotation both tokens are good`() async throws {
        try await serving(token: "new", previous: "12345") { twilio in
            for token in ["new", "12345"] {
                let proof = signed("/webhook/twilio", Self.vector, token: token)
                try await twilio.expect(200, "/webhook/twilio", Self.vector, [Self.form, proof])
            }
        }
    }

    @Test func `a business with tokens of its own is proven by those and by no other`() async throws {
        let own = BusinessSettings.with {
            $0.twilioAuthToken = "own"
            $0.twilioAuthTokenPrevious = "before"
            $0.twilioFrom = "+14155238886"
        }
        try await serving(.of(["shop": own, "plain": BusinessSettings()])) { twilio in
            let cases = [
                ("/webhook/twilio/shop", "own", 200), ("/webhook/twilio/shop", "before", 200),
                ("/webhook/twilio/shop", "12345", 401), ("/webhook/twilio", "own", 200),
                ("/webhook/twilio", "12345", 401), ("/webhook/twilio/plain", "12345", 200),
                ("/webhook/twilio/plain", "own", 401), ("/webhook/twilio/nobody", "own", 401),
            ]
            for (target, token, status) in cases {
                let proof = signed(target, Self.vector, token: token)
                let answer = try await twilio.post(target, Self.vector, [Self.form, proof])
                #expect(answer.status == status, "\(target) \(token)")
            }
        }
    }

    @Test func `a proof that may be a business's own is not refused before the businesses are known`() async throws {
        try await serving(.of([:], isLoaded: false)) { twilio in
            let proof = signed("/webhook/twilio/shop", Self.vector, token: "own")
            let unknown = try await twilio.post("/webhook/twilio/shop", Self.vector, [Self.form, proof])
            #expect(unknown.status == 503)
            try await twilio.expect(200, "/webhook/twilio", Self.vector, [Self.form, Self.signature])
        }
    }

    @Test func `JSON is proven by the hash in its URL, and is not what Twilio's messages are`() async throws {
        let body = #"{"property": "value", "boolean": true}"#
        let target =
            "/webhook/twilio/shop?bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
        let json = ("Content-Type", "application/json")
        try await serving { twilio in
            let answer = try await twilio.post(target, body, [json, signed(target, "")])
            #expect(answer.status == 415 && answer.body.contains("application/x-www-form-urlencoded"))
            let other = try await twilio.post(target, "{}", [json, signed(target, "")])
            #expect(other.status == 401)
        }
    }

    @Test func `what is proven and not right is told`() async throws {
        try await serving { twilio in
            let bad = try await twilio.post(
                "/webhook/twilio/a%20b", Self.vector, [Self.form, signed("/webhook/twilio/a%20b", Self.vector)])
            #expect(bad.status == 400 && bad.body.contains("the path's business must be"))
            let nobody = "Body=a&From=whatsapp%3A%2B1555000"
            let answer = try await twilio.post(
                "/webhook/twilio", nobody, [Self.form, signed("/webhook/twilio", nobody)])
            #expect(answer.events == [.rejected("To, or From of a status, must be the business's number")])
        }
    }
}
