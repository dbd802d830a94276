import Shared
import Testing

@Suite("Business index")
struct BusinessIndexTests {
    private func settings(_ change: (inout BusinessSettings) -> Void) -> BusinessSettings {
        var settings = BusinessSettings()
        change(&settings)
        return settings
    }

    @Test func `an address finds its business, until the business has another`() {
        var index = BusinessIndex()
        index.put(settings { $0.metaPhoneNumberID = "1" }, of: "b")
        index.put(settings { $0.twilioFrom = "whatsapp:+15550001" }, of: "c")
        #expect(index.business(at: .metaNumber("1")) == "b")
        #expect(index.business(at: .twilioNumber("+15550001")) == "c")
        index.put(settings { $0.metaPhoneNumberID = "2" }, of: "b")
        #expect(index.business(at: .metaNumber("1")) == nil)
        #expect(index.business(at: .metaNumber("2")) == "b")
        index.put(nil, of: "b")
        #expect(index.business(at: .metaNumber("2")) == nil)
        #expect(index["b"] == nil && index["c"] != nil && index.count == 1)
    }

    @Test func `Meta's secrets are there as long as one business has them`() {
        var index = BusinessIndex()
        func secrets() -> [String] { index.metaSecrets.map(\.exposed).sorted() }
        index.put(settings { ($0.metaAppSecret, $0.metaAppSecretPrevious) = ("1", "0") }, of: "a")
        index.put(settings { ($0.metaAppSecret, $0.metaAppSecretPrevious) = ("1", "") }, of: "b")
        #expect(secrets() == ["0", "1"])
        index.put(settings { $0.metaAppSecret = "2" }, of: "a")
        #expect(secrets() == ["1", "2"])
        index.put(nil, of: "b")
        index.put(BusinessSettings(), of: "a")
        #expect(secrets() == [])
    }

    @Test func `of several that claim an address the first by id has it`() {
        var index = BusinessIndex()
        for id in ["c", "a", "b"] { index.put(settings { $0.metaPhoneNumberID = "1" }, of: id) }
        #expect(index.business(at: .metaNumber("1")) == "a")
        index.put(nil, of: "a")
        #expect(index.business(at: .metaNumber("1")) == "b")
    }

    @Test func `an instance or session without an owner is the business of that id, unless it has another`() {
        var index = BusinessIndex()
        index.put(BusinessSettings(), of: "shop")
        #expect(index.business(at: .evolutionInstance("shop")) == "shop")
        #expect(index.business(at: .wahaSession("shop")) == "shop")
        #expect(index.business(at: .metaNumber("shop")) == nil)
        index.put(settings { $0.evolutionInstance = "other" }, of: "shop")
        #expect(index.business(at: .evolutionInstance("shop")) == nil)
        #expect(index.business(at: .evolutionInstance("other")) == "shop")
    }

    @Test func `it knows whether any business has a secret of its own, until none has`() {
        var index = BusinessIndex(), settings = BusinessSettings()
        settings.metaAppSecret = ""
        index.put(settings, of: "a")
        #expect(!index.hasOwnSecret(.meta))
        settings.metaAppSecretPrevious = "x"
        settings.wahaWebhookSecret = "x"
        for id in ["a", "b"] { index.put(settings, of: id) }
        #expect(index.hasOwnSecret(.meta) && index.hasOwnSecret(.waha) && !index.hasOwnSecret(.evolution))
        index.put(BusinessSettings(), of: "a")
        #expect(index.hasOwnSecret(.meta) && index.hasOwnSecret(.waha))
        index.put(nil, of: "b")
        #expect(!index.hasOwnSecret(.meta) && !index.hasOwnSecret(.waha))
    }
}
