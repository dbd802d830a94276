import Native
import Shared
import TestSupport
import Testing

@testable import CLI

@Suite("Sample webhooks", .onLoop)
@LoopActor struct SampleRequestTests {
    nonisolated static let secret = "it's a \"secret\""
    nonisolated static let base = "https://bot.example.com"
    nonisolated static let time = WallTime(milliseconds: 1_763_650_000_000)
    nonisolated static let id = String(repeating: "0123456789abcdef", count: 2)

    nonisolated static func configuration(_ more: [String: String] = [:]) throws -> Configuration {
        let environment = [
            "INTERNAL_SECRET": secret, "TWILIO_AUTH_TOKEN": secret, "META_APP_SECRET": secret,
            "META_VERIFY_TOKEN": "a b/c", "META_PHONE_NUMBER_ID": "1065", "EVOLUTION_WEBHOOK_SECRET": secret,
            "WAHA_WEBHOOK_SECRET": secret, "PUBLIC_URL": base + "/", "TWILIO_FROM": "whatsapp:+15550009999",
        ]
        return try Configuration(environment: environment.merging(more) { $1 }, role: .tool)
    }

    func keys(_ settings: BusinessSettings = BusinessSettings()) throws -> SenderKeys {
        SenderKeys(try Self.configuration(), business: "shop_1", settings: settings)
    }

    func make(
        _ sender: ProviderName, _ content: Sample.Content, _ keys: SenderKeys? = nil
    ) throws -> SampleRequest {
        let sample = Sample(content, contact: "972501234567", id: Self.id, time: Self.time)
        return try #require(SampleRequest.make(sender, sample, keys ?? self.keys(), base: "http://127.0.0.1:8080"))
    }

    func header(_ name: String, _ request: SampleRequest) throws -> String {
        try #require(request.headers.first { $0.name == name }?.value)
    }

    @Test func `the gateway's message is what its normaliser reads`() throws {
        let request = try make(.baileys, .message("Hi שלום"))
        #expect(request.target == "/webhook/whatsapp/incoming")
        #expect(try header("X-Internal-Secret", request) == Self.secret)
        let events = try JSON.read(Array(request.body.utf8)) { root throws(JSONError) in
            try BaileysNormalizer.normalize(root, defaultTenant: nil)
        }
        guard case .message(let message)? = events.first else { throw NoMessage() }
        #expect(message.tenant == "shop_1" && message.text == "Hi שלום" && message.sentAt == Self.time)
        #expect(message.messageID == "3EB00123456789ABCDEF01")
        #expect(message.address.rawValue == "972501234567@s.whatsapp.net")
    }

    @Test func `the gateway's empty webhook brings nothing`() throws {
        let request = try make(.baileys, .nothing)
        let count = try JSON.read(Array(request.body.utf8)) { root throws(JSONError) in
            try BaileysNormalizer.normalize(root, defaultTenant: nil).count
        }
        #expect(count == 0)
    }

    @Test(arguments: [Sample.Content.message("Hi"), .status, .nothing])
    func `Twilio's signature is over the outside URL, whatever is called`(content: Sample.Content) throws {
        let request = try make(.twilio, content)
        let path = "/webhook/twilio/shop_1" + (content == .status ? "/status" : "")
        #expect(request.target == path)
        #expect(request.signedURL == Self.base + path)
        let form = URLEncodedForm(request.body)
        #expect(form[content == .status ? "From" : "To"] == "whatsapp:+15550009999")
        #expect(
            TwilioSignature.proves(
                try header("X-Twilio-Signature", request), url: Self.base + path, form: form.fields, body: nil,
                tokens: [Secret(Self.secret)]))
    }

    @Test(arguments: [Sample.Content.message("Hi"), .status, .nothing])
    func `Meta's and WAHA's signatures prove the body`(content: Sample.Content) throws {
        let meta = try make(.meta, content), waha = try make(.waha, content)
        let signature = String(try header("X-Hub-Signature-256", meta).dropFirst("sha256=".count))
        #expect(BodySignature.proves(signature, Array(meta.body.utf8), keys: [Secret(Self.secret)], .sha256))
        #expect(
            BodySignature.proves(
                try header("X-Webhook-Hmac", waha), Array(waha.body.utf8), keys: [Secret(Self.secret)], .sha512))
        #expect(meta.target == "/webhook/meta" && waha.target == "/webhook/waha/shop_1")
        let number = try JSON.read(Array(meta.body.utf8)) {
            $0["entry"]?.items.first?["changes"]?.items.first?["value"]?["metadata"]?["phone_number_id"]?.string
        }
        #expect(number == "1065")
    }

    @Test func `Twilio's samples are what its normaliser reads`() throws {
        func event(_ content: Sample.Content) throws -> InboundEvent {
            TwilioNormalizer.event(
                URLEncodedForm(try make(.twilio, content).body), tenant: "shop_1", receivedAt: Self.time)
        }
        guard case .message(let message) = try event(.message("Olá + 1")) else { throw NoMessage() }
        #expect(message.text == "Olá + 1" && message.address.phone == "972501234567")
        guard case .receipt(let receipt) = try event(.status) else { throw NoMessage() }
        #expect(receipt.status == .delivered)
        guard case .ignored = try event(.nothing) else { throw NoMessage() }
    }

    @Test func `Meta's samples are what its normaliser reads`() throws {
        func events(_ content: Sample.Content) throws -> [InboundEvent] {
            try JSON.read(Array(try make(.meta, content).body.utf8)) { root throws(JSONError) in
                try MetaNormalizer.normalize(root) { "shop_of_\($0)" }
            }
        }
        guard case .message(let message)? = try events(.message("שלום")).first else { throw NoMessage() }
        #expect(message.tenant == "shop_of_1065" && message.text == "שלום" && message.sentAt == Self.time)
        guard case .receipt(let receipt)? = try events(.status).first else { throw NoMessage() }
        #expect(receipt.status == .delivered)
        guard case .ignored? = try events(.nothing).first else { throw NoMessage() }
    }

    @Test func `Evolution's and WAHA's samples are what their normalisers read`() throws {
        func events(_ sender: ProviderName, _ content: Sample.Content) throws -> [InboundEvent] {
            try JSON.read(Array(try make(sender, content).body.utf8)) { root throws(JSONError) in
                sender == .waha
                    ? try WAHANormalizer.normalize(root, tenant: "shop_1", now: Self.time)
                    : try EvolutionNormalizer.normalize(root, tenant: "shop_1", now: Self.time)
            }
        }
        for sender in [ProviderName.evolution, .waha] {
            guard case .message(let message)? = try events(sender, .message("Olá")).first else { throw NoMessage() }
            #expect(message.text == "Olá" && message.address.phone == "972501234567" && message.sentAt == Self.time)
            guard case .receipt(let receipt)? = try events(sender, .status).first else { throw NoMessage() }
            #expect(receipt.status == .delivered)
            guard case .ignored? = try events(sender, .nothing).first else { throw NoMessage() }
        }
    }

    @Test func `Evolution's proof is its secret or a token`() throws {
        let request = try make(.evolution, .message("Hi"))
        #expect(try header("X-Webhook-Secret", request) == Self.secret)
        let sample = Sample(.nothing, contact: "1", id: Self.id, time: Self.time)
        let token = try header(
            "Authorization", EvolutionSample.request(sample, keys(), Secret(Self.secret), asToken: true))
        #expect(
            EvolutionToken.proves(
                String(token.dropFirst("Bearer ".count)), keys: [Secret(Self.secret)], now: Self.time))
    }

    @Test func `a business's own secrets, number, instance and session come first`() throws {
        var settings = BusinessSettings()
        settings.metaAppSecret = "own"
        settings.metaPhoneNumberID = "77"
        settings.evolutionInstance = "inst"
        settings.wahaSession = "sess"
        settings.twilioFrom = "+15551112222"
        let keys = try keys(settings)
        #expect(try make(.meta, .message("x"), keys).body.contains(#""phone_number_id":"77""#))
        #expect(keys.secret(of: .meta) == Secret("own") && keys.secret(of: .twilio) == Secret(Self.secret))
        #expect(try make(.evolution, .message("x"), keys).body.contains(#""instance":"inst""#))
        #expect(try make(.waha, .message("x"), keys).body.contains(#""session":"sess""#))
        #expect(URLEncodedForm(try make(.twilio, .message("x"), keys).body)["To"] == "whatsapp:+15551112222")
    }

    @Test func `with broken keys nothing proves itself`() throws {
        let broken = try keys().broken()
        for sender in ProviderName.allCases { #expect(broken.secret(of: sender) != Secret(Self.secret)) }
        #expect(broken.metaVerifyToken != Secret("a b/c"))
    }

    @Test func `Meta's question carries the token, in the query's form`() throws {
        let request = try #require(MetaSample.verification(keys(), challenge: "42"))
        #expect(request.target == "/webhook/meta?hub.mode=subscribe&hub.verify_token=a%20b/c&hub.challenge=42")
        #expect(request.method == "GET" && request.body.isEmpty)
    }

    @Test func `each sample has an id of its own`() {
        #expect(Sample(.status, contact: "1").id != Sample(.status, contact: "1").id)
    }
}

struct NoMessage: Error {}
