import FoundationEssentials
import Native
import Shared
import TestSupport
import Testing

@Suite("Business store", .onLoop)
@LoopActor struct BusinessStoreTests {
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
