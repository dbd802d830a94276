import Native
import Shared
import TestSupport
import Testing

@Suite("Delivery receipts", .onLoop, .serialized)
@LoopActor struct ReceiptTests {
    static let contact = "15550001111"
    /// Seconds since 1970; a status's number is added.
    static let start = 1_763_650_000

    /// Under which the reply to a message will go out: it follows from the message.
    private func replyID(to message: String) throws -> String {
        let inbound = InboundMessage(
            tenant: Installation.business, provider: .baileys,
            address: try #require(ContactAddress(rawValue: "\(Self.contact)@s.whatsapp.net")), contactName: nil,
            messageID: message, kind: .text, text: nil, sentAt: WallTime(milliseconds: 0))
        let job = AnswerJob.job(for: inbound, traceparent: nil)
        return OutboundID.make(job: job.id.rawValue, kind: .text, part: 0)
    }

    /// As the gateway does it. Returns the answer.
    @discardableResult
    private func post(_ statuses: [(id: String, code: Int)], _ system: Installation) async throws -> HTTPClient.Response
    {
        let updates = statuses.map { id, code in
            """
            {"key":{"remoteJid":"\(Self.contact)@s.whatsapp.net","id":"\(id)","fromMe":true},\
            "update":{"status":\(code),"messageTimestamp":\(Self.start + code)}}
            """
        }
        return try await system.call(
            "POST", system.api, "/webhook/whatsapp/receipts",
            body: #"{"tenantId":"\#(Installation.business)","updates":[\#(updates.joined(separator: ","))]}"#,
            headers: [("Content-Type", "application/json"), ("X-Internal-Secret", Installation.secret)])
    }

    private func rows(_ system: Installation) async throws -> PostgresRows {
        let pool = PostgresPool(url: system.database)
        pool.start()
        try await pool.waitUntilReady(within: .seconds(10))
        let rows = try await pool.query(
            """
            SELECT provider_message_id, status, sent_at IS NOT NULL AND delivered_at < read_at AS is_timed,
                (SELECT count(*) FROM early_receipts) AS early
            FROM messages WHERE direction = 'out' ORDER BY id
            """)
        await pool.close()
        return rows
    }

    @Test func `receipts in any order, before and after the row, end in a read message with its three times`()
        async throws
    {
        try await Installation.with { system in
            let early = try replyID(to: "M0"), late = try replyID(to: "M1"), both = try replyID(to: "M2")
            try await post([(early, 4), (early, 2), (early, 3), (both, 3)], system)
            try await system.quiet()
            for number in 0..<3 { try await system.post("n\(number)", from: Self.contact, id: "M\(number)") }
            let texts = try await system.delivered(3, to: Self.contact)
            #expect(texts.map(\.id) == [early, late, both])
            let answer = try await post([(late, 4), (late, 3), (both, 4), (late, 2), (late, 3)], system)
            #expect(
                String(decoding: answer.body, as: UTF8.self) == #"{"ok":true,"accepted":4,"duplicates":1,"ignored":0}"#)
            try await system.quiet()
            let rows = try await rows(system)
            #expect(rows.map { $0.string("status") } == ["read", "read", "read"])
            #expect(rows.allSatisfy { $0.bool("is_timed") && $0.int("early") == 0 })
        }
    }

    @Test func `receipts that come while Postgres is down are applied when it is back`() async throws {
        let postgres = try await PostgresServer.launch()
        var options = Installation.Options()
        options.postgres = postgres
        options.workers = 2
        try await Installation.with(options) { system in
            // The business is known to the workers, and on the disk of a server that is stopped as by a crash.
            try await system.post("before", from: Self.contact, id: "B0")
            try await system.delivered(1)
            try await system.quiet()
            let pool = PostgresPool(url: system.database)
            pool.start()
            try await pool.waitUntilReady(within: .seconds(10))
            try await pool.query("CHECKPOINT")
            await pool.close()
            try await postgres.stop()
            let ids = try (0..<5).map { try replyID(to: "P\($0)") }
            try await post(ids.map { ($0, 4) }, system)
            for number in 0..<5 { try await system.post("n\(number)", from: Self.contact, id: "P\(number)") }
            try await system.delivered(6, to: Self.contact, within: .seconds(60))
            try await post(ids.flatMap { [($0, 3), ($0, 2)] }, system)
            try await postgres.start()
            try await system.quiet(within: .seconds(90))
            let rows = try await rows(system).filter { ids.contains($0.string("provider_message_id")) }
            #expect(rows.count == 5)
            #expect(rows.allSatisfy { $0.string("status") == "read" && $0.bool("is_timed") && $0.int("early") == 0 })
        }
        try await postgres.stop()
    }

    @Test func `what no receipt came for is asked for, of every provider that can be asked`() async throws {
        try await Installation.withGateways { system in
            let providers: [ProviderName] = [.twilio, .evolution, .waha, .baileys]
            for provider in providers {
                try await system.put(provider.rawValue, [provider]) {
                    $0.evolutionInstance = "instance"
                    $0.wahaSession = "session"
                    $0.readMarks = false
                    $0.evolutionURL = "http://127.0.0.1:\(system.simulator.port)"
                    $0.wahaURL = $0.evolutionURL
                    $0.evolutionAPIKey = "own-key"
                    $0.wahaAPIKey = "own-key"
                }
                try await system.post("hello", from: Self.contact, id: "S", to: provider.rawValue)
            }
            try await system.delivered(providers.count, to: Self.contact)
            try await system.quiet()
            let tick = Int(WallTime.now().milliseconds) / ReceiptsSyncJob.interval.milliseconds
            let sentAt = WallTime(
                milliseconds: Int64(tick * ReceiptsSyncJob.interval.milliseconds) - 400_000)
            try await system.withPool { pool in
                _ = try await pool.query("UPDATE messages SET sent_at = $1 WHERE direction = 'out'", [.time(sentAt)])
            }
            let client = try await system.redis.client()
            defer { client.close() }
            for number in 0..<2 {
                let job = Job(
                    id: JobID("again-\(number)"), name: ReceiptsSyncJob.name, lane: .receiptsSync,
                    tenant: TenantID("system"), conversation: ConversationID(ReceiptsSyncJob.name),
                    payload: Array("{\"tick\":\(tick)}".utf8))
                let result = try await RedisQueue(client: client).enqueue(job)
                #expect(result == .accepted)
                try await system.quiet()
            }
            try await system.withPool { pool in
                let rows = try await pool.query(
                    "SELECT provider, status FROM messages WHERE direction = 'out' ORDER BY provider")
                #expect(
                    rows.map { "\($0.string("provider")) \($0.string("status"))" } == [
                        // The gateway tells what WhatsApp's server said, and that the row says already.
                        "baileys sent", "evolution delivered", "twilio delivered", "waha delivered",
                    ])
            }
        }
    }

    @Test func `receipts of a business that nobody knows are accepted, and leave no dead job`() async throws {
        try await Installation.with { system in
            let answer = try await system.call(
                "POST", system.api, "/webhook/whatsapp/receipts",
                body: #"{"tenantId":"nobody","updates":[{"key":{"id":"3EB0","fromMe":true},"update":{"status":3}}]}"#,
                headers: [("Content-Type", "application/json"), ("X-Internal-Secret", Installation.secret)])
            #expect(answer.status == 200)
            try await system.workers[0].line(containing: #""kind":"unknown""#)
            try await system.quiet()
            #expect(!system.workers[0].lines.contains { $0.contains("job_dead") })
        }
    }
}
