import Shared
import Testing

@testable import CLI

@Suite("What a doctor says of businesses")
struct BusinessFindingsTests {
    private func look(_ businesses: [Business], _ environment: [String: String] = ["INTERNAL_SECRET": "s"]) throws
        -> [Finding]
    {
        BusinessFindings.findings(businesses, try Configuration(environment: environment, role: .tool))
    }

    private func business(
        _ id: String, status: Business.Status = .active, providers: [ProviderName] = [.baileys],
        _ change: (inout BusinessSettings) -> Void = { _ in }
    ) -> Business {
        var settings = BusinessSettings()
        change(&settings)
        return Business(id: id, name: id, status: status, providers: providers, settings: settings)
    }

    @Test func `a time zone that the database does not know is named with its business`() {
        #expect(BusinessFindings.timeZones(unknown: []).status == .right)
        let finding = BusinessFindings.timeZones(unknown: ["a", "b"])
        #expect(finding.status == .wrong && finding.text.contains("a, b") && finding.text.contains("UTC"))
    }

    @Test func `without a business everything dies`() throws {
        #expect(try look([]).map(\.status) == [.wrong])
    }

    @Test func `one with a way to send is fine, and paused ones are counted`() throws {
        let findings = try look([business("a"), business("b", status: .paused, providers: [])])
        #expect(findings.map(\.status) == [.right])
        #expect(findings[0].text == "1 active, 1 paused or disabled, each with a way to send")
    }

    @Test func `one whose providers have no credentials cannot answer`() throws {
        let findings = try look([business("a"), business("mute", providers: [.twilio, .meta])])
        #expect(findings.map(\.status) == [.wrong])
        #expect(findings[0].text == "no way to send for mute")
        let own = business("own", providers: [.meta]) {
            $0.metaPhoneNumberID = "1"
            $0.metaAccessToken = "t"
        }
        #expect(try look([own]).map(\.status) == [.right])
    }

    @Test func `an address that two claim is told`() throws {
        let findings = try look([
            business("b") { $0.twilioFrom = "whatsapp:+1555" }, business("a") { $0.twilioFrom = "+1555" },
            business("c") { $0.metaPhoneNumberID = "+1555" },
        ])
        #expect(findings.map(\.status) == [.wrong])
        #expect(findings[0].text.hasPrefix("a, b claim the same number of Twilio's +1555"))
    }

    @Test func `settings that cannot be used, and a default that is not there, are told`() throws {
        let findings = try look([business("a") { $0.problems = ["max_tokens"] }])
        #expect(findings.count == 1 && findings[0].text.contains("max_tokens"))
        #expect(
            try look([business("a")], ["INTERNAL_SECRET": "s", "DEFAULT_BUSINESS": "gone"]).map(\.status) == [.wrong])
    }

    @Test func `messages for unknown receivers are told by name, most of them first`() {
        #expect(BusinessFindings.deadAliases([]).status == .right)
        let finding = BusinessFindings.deadAliases([("meta.1065", 3), ("waha.default", 1)])
        #expect(finding.status == .wrong)
        #expect(finding.text == "4 messages for receivers that no business has: meta.1065 (3), waha.default (1)")
    }
}
