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

    @Test func `a message of our own counts as ignored, and becomes a job that runs at once`() async throws {
        try await RedisServer.withClient { _, client in
            let queue = RedisQueue(client: client)
            let ingest = WebhookIngest(
                queue: queue, log: Log(level: .error), counters: WebhookMessageMetrics(Metrics()))
            guard case .message(let own) = try message("own", text: "x") else { return }
            for _ in 0..<2 {
                let answer = try await ingest.accept([.ownMessage(own)], traceparent: nil)
                #expect(answer.ignored == 1 && answer.accepted == 0 && answer.duplicates == 0)
            }
            // The contact may use the same id.
            let answer = try await ingest.accept([.message(own)], traceparent: nil)
            #expect(answer.accepted == 1)
            let jobs = try await queue.depths().jobs
            #expect(jobs == [.high: 1, .default: 1])
        }
    }

    private func post(_ message: String, _ ingest: WebhookIngest) async throws -> IngestAnswer {
        let body = """
            {"tenantId":"t","payload":{"type":"notify","messages":[{"key":{"remoteJid":"15550001111@s.whatsapp.net",
            "fromMe":false,"id":"3EB0A1"},"messageTimestamp":1763650000,\(message)}]}}
            """
        let events = try JSON.read(Array(body.utf8)) { root throws(JSONError) in
            try BaileysNormalizer.normalize(root, defaultTenant: nil)
        }
        return try await ingest.accept(events, traceparent: nil)
    }

    @Test func `a stub marks nothing as seen, and the real message after it is accepted once`() async throws {
        try await RedisServer.withClient { _, client in
            let queue = RedisQueue(client: client)
            let ingest = WebhookIngest(
                queue: queue, log: Log(level: .error), counters: WebhookMessageMetrics(Metrics()))
            for stub in [
                #""messageStubType":2"#, #""message":null,"messageStubType":"CIPHERTEXT""#,
                #""message":{"senderKeyDistributionMessage":{}},"messageStubType":2"#,
            ] {
                let answer = try await post(stub, ingest)
                #expect(answer.ignored == 1 && answer.accepted == 0)
            }
            let first = try await post(#""message":{"conversation":"Hi"}"#, ingest)
            #expect(first.accepted == 1)
            let second = try await post(#""message":{"conversation":"Hi"}"#, ingest)
            #expect(second.duplicates == 1)
            let jobs = try await queue.depths().jobs
            #expect(jobs == [.default: 1])
        }
    }

    @Test func `a receipt is remembered for a minute, not for a day, and one message's wait for each other`()
        async throws
    {
        try await RedisServer.withClient { _, client in
            let queue = RedisQueue(client: client)
            let ingest = WebhookIngest(
                queue: queue, log: Log(level: .error), counters: WebhookMessageMetrics(Metrics()))
            let receipts: [InboundEvent] = [DeliveryStatus.sent, .read, .sent].map { status in
                .receipt(
                    DeliveryReceipt(
                        tenant: "t", provider: .baileys, providerMessageID: "3EB0A1", status: status,
                        at: WallTime(milliseconds: 1_763_650_000_000)))
            }
            let answer = try await ingest.accept(receipts, traceparent: nil)
            #expect(answer.accepted == 2 && answer.duplicates == 1)
            var lifetimes: [Int] = [], lists = 0
            for key in try await client.send(RedisCommand("KEYS", "*")).items?.compactMap(\.text) ?? [] {
                if key.contains(":d:") { lifetimes.append(try await client.send(RedisCommand("PTTL", key)).int ?? -1) }
                if key.contains(":l:") { lists += 1 }
            }
            #expect(lifetimes.count == 2 && lifetimes.allSatisfy { (1...60_000).contains($0) } && lists == 1)
        }
    }

    @LoopActor private final class End { var isReached = false }

    @Test func `10,000 messages of one body are accepted, and another webhook is taken meanwhile`() async throws {
        try await RedisServer.withClient { _, client in
            let queue = RedisQueue(client: client)
            let ingest = WebhookIngest(
                queue: queue, log: Log(level: .error), counters: WebhookMessageMetrics(Metrics()))
            let address = try #require(ContactAddress(rawValue: "31600000001@s.whatsapp.net"))
            let many = (0..<10_000).map { number in
                InboundEvent.message(
                    InboundMessage(
                        tenant: "t\(number % 100)", provider: .baileys, address: address, contactName: nil,
                        messageID: "M\(number)", kind: .text, text: "x",
                        sentAt: WallTime(milliseconds: 1_763_650_000_000)))
            }
            let end = End()
            let large = LoopActor.loop.spawn {
                let answer = try await ingest.accept(many, traceparent: nil)
                end.isReached = true
                return answer
            }
            // It has begun.
            while try await queue.depths().jobs[.default] ?? 0 == 0 {}
            let small = try await ingest.accept([message("small", text: "x")], traceparent: nil)
            #expect(small.accepted == 1)
            #expect(!end.isReached)
            let answer = try await large.value
            #expect(answer.accepted == 10_000)
            #expect(try await queue.depths().jobs == [.default: 10_001])
        }
    }

    @Test func `what a full conversation had taken of many messages is a duplicate when they come again`() async throws
    {
        try await RedisServer.withClient { _, client in
            let queue = RedisQueue(client: client)
            let metrics = WebhookMessageMetrics(Metrics())
            let ingest = WebhookIngest(queue: queue, log: Log(level: .error), counters: metrics)
            let many = try (0..<300).map { try message("M\($0)", text: "x") }
            // A conversation holds 100.
            await #expect {
                try await ingest.accept(many, traceparent: nil)
            } throws: { ($0 as? APIError)?.status == 429 }
            #expect(metrics.accepted.value == 100 && metrics.failed.value == 200)
            let again = try await ingest.accept(Array(many.prefix(100)), traceparent: nil)
            #expect(again.duplicates == 100)
        }
    }
}
