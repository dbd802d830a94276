import Native
import Shared
import TestSupport
import Testing

@Suite("Business of an alias", .onLoop)
@LoopActor struct BusinessStoreAliasTests {
    private static let hebrew = "חנות הפרחים של דנה"

    private func business(_ id: String, _ change: (inout BusinessSettings) -> Void = { _ in }) -> Business {
        var business = Business(id: id, name: id)
        change(&business.settings)
        return business
    }

    @Test func `an alias is found by the address in the settings, or by the id where none is named`() async throws {
        try await withSchema { pool in
            let store = BusinessStore(pool: pool)
            for business in [
                business("a") { $0.metaPhoneNumberID = "106" },
                business("b") {
                    $0.metaPhoneNumberID = "106"
                    $0.twilioFrom = "whatsapp:+1 (415) 523-8886"
                },
                business("c") {
                    $0.evolutionInstance = "shop1"
                    $0.wahaSession = Self.hebrew
                },
                business("default"),
                business("shop1") { $0.wahaSession = "other" },
            ] { try await store.upsert(business) }
            let cases: [(ProviderName, String, String?)] = [
                (.meta, "106", "a"), (.meta, "107", nil), (.meta, "default", nil), (.twilio, "14155238886", "b"),
                (.twilio, "", nil), (.evolution, "shop1", "c"), (.evolution, "default", "default"),
                (.evolution, "c", nil),
                (.waha, Self.hebrew, "c"), (.waha, "default", "default"), (.waha, "shop1", nil),
                (.waha, "other", "shop1"),
                (.baileys, "default", nil), (.waha, String(repeating: "long name ", count: 9), nil),
            ]
            for (provider, name, id) in cases {
                let alias = try #require(BusinessAlias(tenant: BusinessAlias.tenant(provider: provider, name: name)))
                let found = try await store.id(of: alias)
                #expect(found == id, "\(provider) \(name)")
            }
        }
    }
}
