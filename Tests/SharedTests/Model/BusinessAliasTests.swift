import Testing

@testable import Shared

@Suite("Business alias")
struct BusinessAliasTests {
    private static let longest = String(repeating: "a", count: 54)

    @Test(arguments: [
        (ProviderName.meta, "106540352242922", "meta.106540352242922"),
        (.twilio, "14155238886", "twilio.14155238886"),
        (.evolution, "shop-1.main", "evolution.shop-1.main"),
        (.waha, "default", "waha.default"),
        (.evolution, "loja do João", "evolution.x.6c6f6a6120646f204a6fc3a36f"),
        (.evolution, "", "evolution.x."),
        (.evolution, "x.6c", "evolution.x.782e3663"),
        (.waha, "h.0", "waha.x.682e30"),
        (.evolution, longest, "evolution." + longest),
    ])
    func `an address becomes a tenant's name and is read back`(provider: ProviderName, name: String, tenant: String) {
        #expect(BusinessAlias.tenant(provider: provider, name: name) == tenant)
        #expect(TenantName.isValid(tenant))
        let alias = BusinessAlias(tenant: tenant)
        #expect(alias?.provider == provider)
        #expect(alias?.key == .name(name))
    }

    @Test(arguments: [longest + "a", "חנות הפרחים של דנה", String(repeating: "é", count: 5000)])
    func `an address that does not fit is kept as its digest`(name: String) {
        let tenant = BusinessAlias.tenant(provider: .evolution, name: name)
        #expect(TenantName.isValid(tenant))
        #expect(BusinessAlias(tenant: tenant)?.key == .digest(BusinessAlias.digest(of: name)))
    }

    @Test(arguments: [
        "shop", "meta", "telegram.1", "meta.", "evolution.x.6", "evolution.x.ff", "evolution.x.61", "waha.h.00",
        "evolution.h." + String(repeating: "0", count: 33), "meta.x.6C 6", "",
    ])
    func `other names are no aliases`(tenant: String) { #expect(BusinessAlias(tenant: tenant) == nil) }
}
