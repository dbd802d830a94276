import Native
import TestSupport
import Testing

@testable import Shared
@testable import Worker

@Suite("A Postgres that does not answer", .onLoop)
@LoopActor struct PostgresSilenceTests {
    @Test func `after one question that was not answered nobody asks for a while, then one does`() async throws {
        let silence = PostgresSilence()
        #expect(silence.mayAsk() && silence.mayAsk())
        silence.hasNotAnswered()
        #expect(!silence.mayAsk())
        try await eventually { silence.mayAsk() }
        #expect(!silence.mayAsk())
        silence.hasAnswered()
        #expect(silence.mayAsk() && silence.mayAsk())
    }

    @Test func `only a question that finds Postgres away silences the next ones`() async throws {
        let silence = PostgresSilence()
        var asked = 0
        func ask(_ fault: StoreError?) async throws(StoreError) -> Int? {
            try await silence.ask { () throws(StoreError) in
                asked += 1
                if let fault { throw fault }
                return asked
            }
        }
        for fault in [StoreError.unreadable("x"), .postgres(.cancelled), .postgres(.timedOut)] {
            await #expect(throws: fault) { try await ask(fault) }
        }
        #expect(asked == 3)
        let unasked = try await ask(nil)
        #expect(unasked == nil && asked == 3)
        try await eventually { try await ask(nil) == asked && asked > 3 }
        #expect(silence.mayAsk() && silence.mayAsk())
    }

    /// Of a Postgres that is nowhere: a question would be a warning.
    @Test func `what a reply needs to know is gone without at once`() async throws {
        let pool = PostgresPool(url: "postgresql://nobody@127.0.0.1:1/none"), silence = PostgresSilence()
        silence.hasNotAnswered()
        var written = 0
        let log = Log(level: .warning, write: { written += $0.count })
        var business = Business(id: "b", name: "B", providers: [.baileys, .twilio])
        business.settings.twilioTemplate = "HX1"
        let message = InboundMessage(
            tenant: "b", provider: .baileys, address: try #require(ContactAddress(rawValue: "123@lid")),
            contactName: nil, messageID: "M1", kind: .text, text: "Hi", sentAt: .now())
        let addresses = await KnownAddresses(
            conversations: ConversationStore(pool: pool), silence: silence, log: log
        ).all(of: message, business)
        #expect(addresses == [message.address])
        let window = ContactWindow(messages: MessageStore(pool: pool), silence: silence, log: log)
        #expect(await window.needingTemplate(message, business) == [.twilio])
        // Lines are written at the turn's end.
        try await LoopActor.loop.sleep(for: .milliseconds(5))
        #expect(written == 0)
        await pool.close()
    }
}
