import Native
import Shared
import TestSupport
import Testing

@testable import API

@Suite("Webhook ingest", .onLoop)
@LoopActor struct WebhookIngestTests {
    private func message(_ id: String, text: String) throws -> InboundEvent {
        .message(
            InboundMessage(
                tenant: "t", provider: .baileys,
                address: try #require(ContactAddress(rawValue: "31600000001@s.whatsapp.net")), contactName: nil,
                messageID: id, kind: .text, text: text, sentAt: WallTime(milliseconds: 1_763_650_000_000)))
    }

    @Test func `a message that is too large is rejected, for a repeat would be too large as well`() async throws {
        try await RedisServer.withClient { _, client in
            let ingest = WebhookIngest(
                queue: RedisQueue(client: client), log: Log(level: .error), counters: WebhookMessageMetrics(Metrics()))
            let large = try message("large", text: String(repeating: "x", count: 70_000))
            let answer = try await ingest.accept([large, message("small", text: "x")], traceparent: nil)
            #expect(answer.rejected == 1 && answer.accepted == 1)
            await #expect {
                try await ingest.accept([large], traceparent: nil)
            } throws: { ($0 as? APIError)?.status == 400 }
        }
    }
}
