import Native
import TestSupport
import Testing

@testable import Shared
@testable import Worker

@Suite("The contact's window", .onLoop)
@LoopActor struct ContactWindowTests {
    private let now = WallTime(milliseconds: 1_800_000_000_000)

    private func unsure(
        _ provider: ProviderName, age: Duration = .zero, _ change: (inout BusinessSettings) -> Void
    ) throws -> [ProviderName] {
        let message = InboundMessage(
            tenant: "b", provider: provider, address: try #require(ContactAddress(rawValue: "15550001111@c.us")),
            contactName: nil, messageID: "M1", kind: .text, text: "Hi",
            sentAt: WallTime(milliseconds: now.milliseconds - Int64(age.milliseconds)))
        var business = Business(id: "b", name: "B", providers: [.baileys, .twilio, .meta])
        change(&business.settings)
        return ContactWindow.unsure(message, business, now: now)
    }

    @Test func `only a provider with a template is asked about, and not the one that the message came through`() throws
    {
        #expect(try unsure(.baileys) { _ in } == [])
        #expect(try unsure(.baileys) { $0.twilioTemplate = "HX1" } == [.twilio])
        #expect(try unsure(.twilio) { ($0.twilioTemplate, $0.metaTemplate) = ("HX1", "reply") } == [.meta])
        #expect(try unsure(.twilio, age: .seconds(84_600)) { $0.twilioTemplate = "HX1" } == [])
        // As of a dead job that is replayed.
        #expect(try unsure(.twilio, age: .seconds(84_601)) { $0.twilioTemplate = "HX1" } == [.twilio])
    }

    @Test func `a business with a template has its replies cut to what goes into one`() {
        var settings = BusinessSettings()
        #expect(ProviderName.twilio.textLimit(of: settings) == 1600)
        settings.twilioTemplate = "HX1"
        #expect(ProviderName.twilio.textLimit(of: settings) == TemplateText.limit)
        #expect(ProviderName.baileys.textLimit(of: settings) == ProviderName.baileys.textLimit)
    }
}
