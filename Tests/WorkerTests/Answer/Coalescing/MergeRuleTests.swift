import Native
import TestSupport
import Testing

@testable import Shared
@testable import Worker

@Suite("Which messages are answered together", .onLoop)
@LoopActor struct MergeRuleTests {
    private func rule(_ pause: Int?, timeout: Duration = .seconds(8)) -> MergeRule? {
        var settings = BusinessSettings()
        settings.coalesceMS = pause
        return MergeRule(settings, timeout: timeout)
    }

    @Test func `none are unless the business wants it`() {
        #expect(rule(nil) == nil && rule(0) == nil && rule(-5) == nil)
        #expect(rule(1500)?.pause == .milliseconds(1500) && rule(1500)?.window == .seconds(4))
    }

    @Test(arguments: [
        // Since the last message, since the claim, how long is waited: ms.
        (0, 0, 1500), (200, 200, 1300), (1500, 1500, nil), (9000, 0, nil),
        // It came at 3 s: the window ends before the pause does.
        (0, 3000, 1000), (0, 4000, nil), (0, 60_000, nil),
    ])
    func `the AI waits for a pause, and never past the window`(_ last: Int, _ elapsed: Int, _ wait: Int?) throws {
        let rule = try #require(self.rule(1500))
        func waits(hasRoom: Bool) -> Duration? {
            rule.wait(sinceLast: .milliseconds(last), elapsed: .milliseconds(elapsed), hasRoom: hasRoom)
        }
        #expect(waits(hasRoom: true) == wait.map { .milliseconds($0) })
        #expect(waits(hasRoom: false) == nil)
    }

    private let now = WallTime(milliseconds: 1_000_000_000)

    private func message(
        _ text: String? = "Hi", from address: String = "15550001111@c.us", by provider: ProviderName = .baileys,
        age: Duration = .zero, author: InboundAuthor? = nil
    ) throws -> InboundMessage {
        InboundMessage(
            tenant: "b", provider: provider, address: try #require(ContactAddress(rawValue: address)),
            contactName: nil, author: author, messageID: "M1", kind: .text, text: text,
            sentAt: WallTime(milliseconds: now.milliseconds - Int64(age.milliseconds)))
    }

    private func joins(
        _ message: InboundMessage, _ head: InboundMessage, memory: [ChatMessage] = [],
        _ change: (inout BusinessSettings) -> Void = { _ in }
    ) -> Bool {
        var settings = BusinessSettings()
        change(&settings)
        let business = Business(id: "b", name: "B", settings: settings)
        return MergeRule.joins(message, head, business, memory: memory, staleAfter: .seconds(60), now: now)
    }

    @Test func `a message joins one that came the same way from the same contact`() throws {
        #expect(try joins(message("cancel that"), message("transfer 100 to John")))
        #expect(try !joins(message(by: .twilio), message()))
        #expect(try !joins(message(from: "5@lid"), message()))
    }

    @Test func `one that is not answered like others does not join`() throws {
        #expect(try !joins(message("STOP"), message()))
        #expect(try joins(message("STOP"), message()) { $0.optOutWords = [] })
        #expect(try joins(message(age: .seconds(60)), message()))
        #expect(try !joins(message(age: .seconds(61)), message()))
        // It only sends back what we said, for the third time.
        let echoes = ["a", "a", "b", "b", "Hi"].enumerated().map { index, text in
            ChatMessage(role: index % 2 == 0 ? .assistant : .user, text: text)
        }
        #expect(try !joins(message("Hi"), message(), memory: echoes))
        #expect(try joins(message("Hello"), message(), memory: echoes))
    }

    @Test func `of a group only what the bot answers there joins`() throws {
        func said(isToUs: Bool) throws -> InboundMessage {
            try message(
                from: "1@g.us", author: InboundAuthor(address: nil, name: "Dana", isToUs: isToUs))
        }
        #expect(try joins(said(isToUs: true), said(isToUs: true)) { $0.groups = .mention })
        #expect(try !joins(said(isToUs: false), said(isToUs: true)) { $0.groups = .mention })
        #expect(try joins(said(isToUs: false), said(isToUs: true)) { $0.groups = .all })
    }
}
