import Testing

@testable import Shared

@Suite("Contact address")
struct ContactAddressTests {
    @Test(arguments: [
        ("US.13491208655302741918", true), ("US.ENT.11815799212886844830", true), ("ID.4566546130240823", true),
        ("BR.a1B2", true), ("US." + String(repeating: "9", count: 128), true),
        ("US." + String(repeating: "9", count: 129), false), ("US.", false), ("us.123", false), ("USA.12", false),
        ("US-12", false), ("US.12@lid", false), ("12345@lid", false), ("15550001111", false),
        ("whatsapp:ID.4566", false),
    ])
    func `a user id of Meta's is told from other addresses`(text: String, isOne: Bool) throws {
        let address = try #require(ContactAddress(rawValue: text))
        #expect(address.isBusinessScopedID == isOne)
        if isOne { #expect(address.phone == nil && address.server == nil) }
    }
}
