import Shared
import Testing

@testable import Worker

@Suite("Reason of a message that is nobody's")
struct BusinessAliasReasonTests {
    @Test(arguments: [
        (ProviderName.meta, "106540352242922", "the Meta phone number id 106540352242922"),
        (.twilio, "14155238886", "the Twilio number +14155238886"),
        (.evolution, "loja do João", "the Evolution instance loja do João"),
        (.waha, "default", "the WAHA session default"),
        (
            .waha, String(repeating: "x", count: 99),
            "the WAHA session whose SHA-256 begins with " + BusinessAlias.digest(of: String(repeating: "x", count: 99))
        ),
    ])
    func `the address is named as its owner knows it`(provider: ProviderName, name: String, words: String) throws {
        let alias = try #require(BusinessAlias(tenant: BusinessAlias.tenant(provider: provider, name: name)))
        #expect(alias.isUnknown == "unknown business: no business has " + words)
    }
}
