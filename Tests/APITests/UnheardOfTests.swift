import Native
import Shared
import TestSupport
import Testing

@testable import API

/// A business that was added lately, and no notification of it came.
@Suite("A business nobody here has heard of", .onLoop)
@LoopActor struct UnheardOfTests {
    /// What Postgres has, what the API knows of it, and for whom it asked.
    @LoopActor private final class World {
        var stored: [String: BusinessSettings] = [:]
        var known = KnownBusinesses.of([:])
        private(set) var asked: [[String]] = []

        func lookUp(_ names: [String]) -> Bool {
            asked.append(names)
            guard !stored.isEmpty else { return false }
            known = .of(stored)
            return true
        }
    }

    private static let url = "https://bot.example.com"
    private static let form = ("Content-Type", "application/x-www-form-urlencoded")
    private static let fields =
        "MessageSid=SM1&SmsStatus=received&MessageType=text&Body=Hi&To=whatsapp%3A%2B14155238886"
        + "&From=whatsapp%3A%2B5511999990000&WaId=5511999990000"

    private func twilio(_ world: World, _ body: (SenderFixture) async throws -> Void) async throws {
        let settings = try Configuration(environment: ["TWILIO_AUTH_TOKEN": "global"], role: .tool).twilio
        try await SenderFixture.with(
            TwilioSender(settings, publicURL: Self.url, businesses: { world.known }),
            ["/webhook/twilio", "/webhook/twilio/:tenant"], lookUp: { world.lookUp($0) }, body)
    }

    private func signed(_ target: String, _ token: String) -> [(String, String)] {
        let fields = URLEncodedForm(Self.fields).fields
        let signature = TwilioSignature.sign(url: Self.url + target, form: fields, token: token)
        return [Self.form, ("X-Twilio-Signature", signature)]
    }

    @Test(arguments: [("/webhook/twilio/new", "new"), ("/webhook/twilio", "twilio.14155238886")])
    func `what its own token signed is taken after one question, by path and by number`(
        target: String, name: String
    ) async throws {
        let world = World()
        world.stored["new"] = .with {
            $0.twilioFrom = "+14155238886"
            $0.twilioAuthToken = "own"
        }
        try await twilio(world) { twilio in
            let answer = try await twilio.post(target, Self.fields, signed(target, "own"))
            #expect(answer.status == 200 && answer.events.map(\.tenant) == ["new"])
            try await twilio.expect(200, target, Self.fields, signed(target, "own"))
            // Another's token: the business is known by now.
            try await twilio.expect(401, target, Self.fields, signed(target, "global"))
        }
        #expect(world.asked == [[name]])
    }

    @Test func `it stays 401 when there is no such business, or another's secret signed`() async throws {
        let world = World(), target = "/webhook/twilio/new"
        try await twilio(world) { twilio in
            try await twilio.expect(401, target, Self.fields, signed(target, "own"))
            world.stored["new"] = .with { $0.twilioAuthToken = "own" }
            try await twilio.expect(401, target, Self.fields, signed(target, "another"))
        }
        #expect(world.asked.count == 2)
    }

    @Test func `nobody is asked for what cannot be a new business's`() async throws {
        let world = World(), target = "/webhook/twilio/old"
        world.known = .of(["old": .with { $0.twilioAuthToken = "own" }])
        try await twilio(world) { twilio in
            // Of a known one, without a signature, of a path that is no id, and proven by the token of all.
            try await twilio.expect(401, target, Self.fields, signed(target, "wrong"))
            try await twilio.expect(401, "/webhook/twilio/new", Self.fields, [Self.form])
            try await twilio.expect(401, "/webhook/twilio/a%7Cb", Self.fields, signed("/webhook/twilio/a%7Cb", "x"))
            try await twilio.expect(
                200, "/webhook/twilio/new", Self.fields, signed("/webhook/twilio/new", "global"))
            world.known = .of([:], isLoaded: false)
            try await twilio.expect(503, "/webhook/twilio/new", Self.fields, signed("/webhook/twilio/new", "own"))
        }
        #expect(world.asked.isEmpty)
    }

    @Test(arguments: [true, false])
    func `Meta's numbers are asked for, a few of them, also where nobody had a secret before`(
        hasOther: Bool
    ) async throws {
        let world = World()
        if hasOther {
            world.known = .of([
                "old": .with {
                    $0.metaPhoneNumberID = "1"
                    $0.metaAppSecret = "old"
                }
            ])
        }
        world.stored["new"] = .with {
            $0.metaPhoneNumberID = "2"
            $0.metaAppSecret = "own"
        }
        let settings = try Configuration(environment: ["META_APP_SECRET": "global"], role: .tool).meta
        try await SenderFixture.with(
            MetaSender(settings, businesses: { world.known }), ["/webhook/meta"], lookUp: { world.lookUp($0) }
        ) { meta in
            let body = Self.metaBody(["1", "2", "3", "4", "5"])
            let answer = try await meta.post("/webhook/meta", body, Self.proof(body, "own"))
            #expect(answer.status == 200)
            #expect(answer.events.compactMap(\.tenant) == ["new"])
            #expect(world.asked == [hasOther ? ["meta.2", "meta.3", "meta.4"] : ["meta.1", "meta.2", "meta.3"]])
            // Nobody reads a large one for that.
            world.known = .of([:])
            let large = body + String(repeating: " ", count: 64 << 10)
            try await meta.expect(401, "/webhook/meta", large, Self.proof(large, "own"))
            #expect(world.asked.count == 1)
        }
    }

    private static func metaBody(_ numbers: [String]) -> String {
        let changes = numbers.map {
            """
            {"field":"messages","value":{"metadata":{"phone_number_id":"\($0)"},"messages":[{"id":"wamid.\($0)",\
            "from":"16505551234","timestamp":"1749416383","type":"text","text":{"body":"Hi"}}]}}
            """
        }
        return #"{"object":"whatsapp_business_account","entry":[{"changes":[\#(changes.joined(separator: ","))]}]}"#
    }

    private static func proof(_ body: String, _ secret: String) -> [(String, String)] {
        let signature = BodySignature.sign(Array(body.utf8), key: secret, .sha256)
        return [("Content-Type", "application/json"), ("X-Hub-Signature-256", "sha256=" + signature)]
    }
}
