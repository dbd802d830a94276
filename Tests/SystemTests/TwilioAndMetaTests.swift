import Native
import Shared
import TestSupport
import Testing

@Suite("Twilio and Meta, from end to end", .onLoop, .serialized)
@LoopActor struct TwilioAndMetaTests {
    private static let number = "106540352242922"

    private func withSenders(
        _ environment: [String: String] = [:], _ body: @LoopActor (Installation) async throws -> Void
    ) async throws {
        var options = Installation.Options()
        options.environment = Installation.senders.merging(environment) { $1 }
        try await Installation.with(options) { system in
            // Before, a proof that is wrong may still turn out to be a business's own.
            try await system.api.line(containing: "Businesses are known")
            try await body(system)
        }
    }

    @Test func `a message through Twilio is answered through Twilio, once`() async throws {
        try await withSenders { system in
            let path = "/webhook/twilio/\(Installation.business)"
            let fields = Installation.twilioText("Olá 👋", from: "15550001111", id: "SM1")
            for _ in 0..<2 {
                let answer = try await system.twilio(path, fields)
                #expect(answer.status == 200 && answer.header("Content-Type")?.hasPrefix("text/xml") == true)
                #expect(String(decoding: answer.body, as: UTF8.self).hasSuffix("<Response></Response>"))
            }
            let texts = try await system.delivered(1, to: "15550001111")
            #expect(texts[0].provider == "twilio" && texts[0].text.contains("Olá 👋"))
            try await system.quiet()
            #expect(try await system.delivered().count == 1)
            let status = [
                ("MessageSid", texts[0].id), ("MessageStatus", "read"),
                ("From", "whatsapp:" + Installation.twilioNumber),
                ("To", "whatsapp:+15550001111"),
            ]
            #expect(try await system.twilio(path + "/status", status).status == 200)
            let wrong = try await system.twilio(path, fields, token: "other")
            #expect(wrong.status == 401)
        }
    }

    @Test func `without PUBLIC_URL the API says so at its start, and Twilio is refused`() async throws {
        try await withSenders(["PUBLIC_URL": ""]) { system in
            let warning = try await system.api.line(containing: "PUBLIC_URL is not set")
            #expect(warning.contains(#""level":"warn"#))
            let fields = Installation.twilioText("Hi", from: "15550001111", id: "SM1")
            #expect(try await system.twilio("/webhook/twilio/\(Installation.business)", fields).status == 401)
        }
    }

    @Test func `during a rotation the token before is good, and afterwards it is not`() async throws {
        try await withSenders(["TWILIO_AUTH_TOKEN_PREVIOUS": "old", "META_APP_SECRET_PREVIOUS": "old"]) { system in
            let path = "/webhook/twilio/\(Installation.business)"
            let fields = Installation.twilioText("Hi", from: "15550001111", id: "SM1")
            for (token, status) in [("old", 200), ("token", 200), ("older", 401)] {
                let answer = try await system.twilio(path, fields, token: token)
                #expect(answer.status == status)
            }
            for (secret, status) in [("old", 200), (Installation.metaSecret, 200), ("older", 401)] {
                let answer = try await system.meta("Hi", to: Self.number, id: "wamid.A", secret: secret)
                #expect(answer.status == status)
            }
        }
    }

    @Test func `Meta is told the challenge, and a message through Meta is answered through Meta`() async throws {
        try await withSenders { system in
            let query = "?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token="
            for path in ["/webhook/meta", "/api/webhook"] {
                let good = try await system.get(path + query + "verify")
                #expect(good.status == 200 && String(decoding: good.body, as: UTF8.self) == "1158201444")
                #expect(try await system.get(path + query + "other").status == 403)
            }
            try await system.put("shop", [.baileys, .meta]) { $0.metaPhoneNumberID = Self.number }
            try await system.meta("Hi 👋", to: Self.number, id: "wamid.A")
            let texts = try await system.delivered(1, to: "16505551234")
            #expect(texts[0].provider == "meta" && texts[0].text.contains("Hi 👋"))
            try await system.quiet()
            try await system.withPool { pool in
                let rows = try await pool.query("SELECT business_id, direction, provider FROM messages ORDER BY id")
                #expect(rows.map { $0.string("business_id") } == ["shop", "shop"])
                #expect(rows.map { $0.string("provider") } == ["meta", "meta"])
            }
        }
    }

    @Test func `a message to a number nobody has waits as a dead job, and a replay answers it once somebody has it`()
        async throws
    {
        try await withSenders { system in
            // Older than what is answered by itself.
            let answer = try await system.meta("Anybody?", to: Self.number, id: "wamid.A", age: 30_000)
            #expect(answer.status == 200)
            let dead = try await system.workers[0].line(containing: "job_dead")
            #expect(dead.contains("unknown business: no business has the Meta phone number id \(Self.number)"))
            let list = try await system.run("dead", "list", "--json")
            let ids = try JSON.read(Array(list.output.joined().utf8)) { $0.items.compactMap { $0["id"]?.string } }
            let id = try #require(ids.first)

            try await system.put("shop", [.meta]) { $0.metaPhoneNumberID = Self.number }
            let replayed = try await system.run("dead", "replay", id)
            #expect(replayed.output == ["Replayed \(id)"])
            let texts = try await system.delivered(1, to: "16505551234")
            #expect(texts[0].provider == "meta" && texts[0].text.contains("Anybody?"))

            // By now the API knows whose number it is, and the same message is the same job.
            let again = try await system.meta("Anybody?", to: Self.number, id: "wamid.A", age: 30_000)
            #expect(String(decoding: again.body, as: UTF8.self).contains(#""duplicates":1"#))
            try await system.quiet()
            #expect(try await system.delivered().count == 1)
            try await system.withPool { pool in
                let rows = try await pool.query("SELECT DISTINCT business_id FROM messages")
                #expect(rows.map { $0.string("business_id") } == ["shop"])
            }
        }
    }

    @Test func `a message to a number that no business claims goes to the default one, also while none is known`()
        async throws
    {
        var options = Installation.Options()
        options.environment = Installation.senders
        options.environment["DEFAULT_BUSINESS"] = Installation.business
        try await Installation.with(options) { system in
            let fields = Installation.twilioText("Hi", from: "15550001111", id: "SM1")
            #expect(try await system.twilio("/webhook/twilio", fields).status == 200)
            try await system.meta("Hi", to: "1", from: "15550002222", id: "wamid.A")
            let texts = try await system.delivered(2)
            #expect(Set(texts.map(\.contact)) == ["15550001111", "15550002222"])
            #expect(texts.first { $0.contact == "15550001111" }?.provider == "twilio")
        }
    }
}
