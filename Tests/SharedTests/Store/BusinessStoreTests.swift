import FoundationEssentials
import Native
import Shared
import TestSupport
import Testing

@Suite("Business store", .onLoop)
@LoopActor struct BusinessStoreTests {
    /// Every setting that is a text.
    private static let texts = [
        "twilio_account_sid", "twilio_auth_token", "twilio_auth_token_previous", "twilio_from",
        "meta_phone_number_id", "meta_access_token", "meta_app_secret", "meta_app_secret_previous",
        "evolution_url", "evolution_instance", "evolution_api_key", "evolution_webhook_secret",
        "evolution_webhook_secret_previous", "waha_url", "waha_session", "waha_api_key", "waha_webhook_secret",
        "waha_webhook_secret_previous", "ai_url", "ai_api_key", "fallback_text", "apology_text", "language",
    ]

    @Test func `a business comes back as it was stored, with its enabled tools`() async throws {
        try await withSchema { pool in
            let store = BusinessStore(pool: pool)
            var business = sample("b1")
            try await store.upsert(business)
            try await store.put(Tool(name: "off", url: "https://x.example", enabled: false), of: "b1")
            let tool = Tool(
                name: "stock", description: "What is left", parameters: #"{"type": "object"}"#,
                url: "https://x.example/stock", method: "GET", headers: ["X-Key": "1"], timeoutMS: 900)
            try await store.put(tool, of: "b1")
            business.tools = [tool]
            let found = try await store.find("b1")
            #expect(found == business)
            let unknown = try await store.find("b2")
            #expect(unknown == nil)
        }
    }

    @Test func `storing a business again replaces it`() async throws {
        try await withSchema { pool in
            let store = BusinessStore(pool: pool)
            try await store.upsert(sample("b1"))
            var changed = sample("b1")
            changed.status = .paused
            changed.providers = [.meta]
            changed.settings = BusinessSettings()
            try await store.upsert(changed)
            try await store.upsert(sample("b0"))
            let all = try await store.list()
            #expect(all == [sample("b0"), changed])
            let rest = try await store.list(after: "b0", limit: 1)
            #expect(rest == [changed])
        }
    }

    @Test func `a wrong setting is passed over and named, the others hold`() throws {
        let json = #"{"coalesce_ms":"soon","groups":"some","temperature":0.2,"fallback_text":null,"unknown":1}"#
        let settings = try JSONDecoder().decode(BusinessSettings.self, from: Data(json.utf8))
        #expect(settings.temperature == 0.2)
        #expect(settings.coalesceMS == nil && settings.groups == nil)
        #expect(settings.problems == ["coalesce_ms", "groups"])
    }

    @Test func `an empty text is not set, and no problem`() throws {
        var all: [String: String] = [:]
        for key in Self.texts { all[key] = "" }
        let settings = try JSONDecoder().decode(BusinessSettings.self, from: JSONEncoder().encode(all))
        #expect(settings == BusinessSettings())
        for key in Self.texts { all[key] = "x" }
        let full = try JSONDecoder().decode(BusinessSettings.self, from: JSONEncoder().encode(all))
        let again = try JSONDecoder().decode([String: String].self, from: JSONEncoder().encode(full))
        #expect(again == all)
    }

    @Test func `a time zone that Postgres does not know is found`() async throws {
        try await withSchema { pool in
            let store = BusinessStore(pool: pool)
            for zone in ["Asia/Jerusalem", "utc", "Nowhere", "America/Sao Paulo"] {
                try await store.upsert(Business(id: String(zone.prefix(9)), name: zone, timezone: zone))
            }
            let found = try await store.withUnknownTimeZone()
            #expect(found == ["America/S", "Nowhere"])
        }
    }

    @Test func `settings do not print their secrets`() {
        #expect(!"\(sample("b1"))".contains("hush"))
        var text = ""
        dump(sample("b1"), to: &text)
        #expect(!text.contains("hush"))
    }

    @Test func `a provider this program does not know is left out`() async throws {
        try await withSchema { pool in
            let store = BusinessStore(pool: pool)
            try await store.upsert(sample("b1"))
            try await pool.query("UPDATE businesses SET providers = '{telegram,twilio,twilio,meta}'")
            let found = try await store.find("b1")
            #expect(found?.providers == [.twilio, .meta])
        }
    }

    private func sample(_ id: String) -> Business {
        var settings = BusinessSettings()
        settings.metaPhoneNumberID = "1234"
        settings.twilioAuthToken = "hush"
        settings.groups = .mention
        settings.temperature = 0.5
        settings.optOutWords = ["stop", "הסר"]
        return Business(
            id: id, name: "Café", systemPrompt: "Be kind.", aiModel: "m", timezone: "Asia/Jerusalem",
            providers: [.meta, .baileys], settings: settings)
    }
}
