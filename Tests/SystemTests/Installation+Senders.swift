import Foundation
import Native
import Shared

/// Requests as Twilio and Meta send them, and businesses that they are for.
extension Installation {
    static let publicURL = "https://bot.example.com"
    static let twilioNumber = "+14155238886"
    static let metaSecret = "app-secret"

    /// What opens the webhooks of both, and the way out through Meta.
    static let senders = [
        "PUBLIC_URL": publicURL, "META_APP_SECRET": metaSecret, "META_VERIFY_TOKEN": "verify",
        "META_ACCESS_TOKEN": "meta-token",
    ]

    /// Posts a form that is signed with the token of `environment`, or another.
    @discardableResult
    func twilio(
        _ path: String, _ fields: [(String, String)], token: String = "token"
    ) async throws -> HTTPClient.Response {
        let signature = TwilioSignature.sign(
            url: Self.publicURL + path, form: fields.map { (name: $0.0, value: $0.1) }, token: token)
        return try await call(
            "POST", api, path, body: FormEncoding.encode(fields),
            headers: [
                ("Content-Type", "application/x-www-form-urlencoded"), ("X-Twilio-Signature", signature),
                ("I-Twilio-Idempotency-Token", "t"),
            ])
    }

    /// The fields of a text from a contact to the number.
    static func twilioText(_ text: String, from contact: String, id: String) -> [(String, String)] {
        [
            ("SmsMessageSid", id), ("NumMedia", "0"), ("ProfileName", "Ana Souza"), ("MessageType", "text"),
            ("SmsSid", id), ("WaId", contact), ("SmsStatus", "received"), ("Body", text),
            ("To", "whatsapp:" + twilioNumber), ("NumSegments", "1"), ("ReferralNumMedia", "0"), ("MessageSid", id),
            ("AccountSid", "AC00000000000000000000000000000001"), ("From", "whatsapp:+" + contact),
            ("ApiVersion", "2010-04-01"),
        ]
    }

    static func metaBody(_ text: String, to number: String, from contact: String, id: String, age: Int = 0) -> String {
        let time = Int(Date().timeIntervalSince1970) - age
        return """
            {"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{\
            "messaging_product":"whatsapp","metadata":{"display_phone_number":"15550783881",\
            "phone_number_id":"\(number)"},"contacts":[{"profile":{"name":"Ana"},"wa_id":"\(contact)"}],"messages":[{\
            "from":"\(contact)","id":"\(id)","timestamp":"\(time)","type":"text","text":{"body":"\(text)"}}]}}]}]}
            """
    }

    /// Posts one text from a contact to a number of Meta's.
    @discardableResult
    func meta(
        _ text: String, to number: String, from contact: String = "16505551234", id: String, age: Int = 0,
        secret: String = Installation.metaSecret
    ) async throws -> HTTPClient.Response {
        try await postMeta(Self.metaBody(text, to: number, from: contact, id: id, age: age), secret: secret)
    }

    func postMeta(_ body: String, secret: String = Installation.metaSecret) async throws -> HTTPClient.Response {
        let signature = BodySignature.sign(Array(body.utf8), key: secret, .sha256)
        return try await call(
            "POST", api, "/webhook/meta", body: body,
            headers: [("Content-Type", "application/json"), ("X-Hub-Signature-256", "sha256=" + signature)])
    }

    /// Creates or replaces a business.
    func put(_ id: String, _ providers: [ProviderName], _ change: (inout BusinessSettings) -> Void) async throws {
        try await withPool { pool in
            var business = Business(id: id, name: id, providers: providers)
            change(&business.settings)
            try await BusinessStore(pool: pool).upsert(business)
        }
    }

    func withPool<T>(_ body: @LoopActor (PostgresPool) async throws -> T) async throws -> T {
        let pool = PostgresPool(url: database)
        pool.start()
        do {
            try await pool.waitUntilReady(within: .seconds(10))
            let result = try await body(pool)
            await pool.close()
            return result
        } catch {
            await pool.close()
            throw error
        }
    }
}
