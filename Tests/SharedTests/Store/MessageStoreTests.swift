import FoundationEssentials
import Native
import Shared
import TestSupport
import Testing

@Suite("Message store", .onLoop)
@LoopActor struct MessageStoreTests {
    @Test func `an exchange that is recorded many times, also at once, has its rows once`() async throws {
        try await withSchema { pool in
            let store = MessageStore(pool: pool)
            try await store.record(exchange())
            let before = try await snapshot(pool)
            for outcome in await outcomesAtOnce(20, { _ in try await store.record(exchange()) }) { try outcome.get() }
            let after = try await snapshot(pool)
            #expect(after == before)
            #expect(after.count == 4)
        }
    }

    @Test func `a reply names the messages it answers`() async throws {
        try await withSchema { pool in
            let store = MessageStore(pool: pool)
            try await store.record(exchange())
            let messages = try await store.recentMessages(business: "b1", contact: "972501234567", limit: 10)
            #expect(messages.map(\.body) == ["Hi", "Are you open?", "Yes, until six."])
            #expect(messages.map(\.direction) == [.inbound, .inbound, .outbound])
            #expect(messages[2].inReplyTo == [messages[0].id, messages[1].id])
            let last = try await store.recentMessages(business: "b1", contact: "972501234567", limit: 1)
            #expect(last == [messages[2]])
            let others = try await store.recentMessages(business: "b2", contact: "972501234567", limit: 10)
            #expect(others.isEmpty)
        }
    }

    @Test func `a stop-gap does not count as an answer, the follow-up does`() async throws {
        try await withSchema { pool in
            let store = MessageStore(pool: pool)
            var stopGap = exchange()
            stopGap.inbound = [inbound("m1", "Hi", status: .received)]
            stopGap.replies = [reply("f1", "One moment.", kind: .fallback)]
            try await store.record(stopGap)
            try await expectAnswered("m1", false, store)
            var followUp = exchange()
            followUp.inbound = [inbound("m1", "Hi", status: .answered)]
            followUp.replies = [reply("f2", "Hello!", kind: .followUp)]
            try await store.record(followUp)
            try await expectAnswered("m1", true, store)
            // A repeat of the first, from a queue that was behind.
            try await store.record(stopGap)
            try await expectAnswered("m1", true, store)
            try await expectAnswered("unknown", false, store)
            let messages = try await store.recentMessages(business: "b1", contact: "972501234567", limit: 10)
            #expect(messages.map(\.kind) == ["text", "fallback", "follow_up"])
            #expect(messages[2].inReplyTo == [messages[0].id])
        }
    }

    @Test func `a reply that was sent again has nothing left of the send before`() async throws {
        try await withSchema { pool in
            let store = MessageStore(pool: pool), receipts = ReceiptStore(pool: pool)
            var sent = exchange()
            sent.replies[0].status = .failed
            sent.replies[0].error = "463: gone"
            try await store.record(sent)
            let read = DeliveryReceipt(
                tenant: "b1", provider: .baileys, providerMessageID: "r1", status: .read,
                at: WallTime(milliseconds: 1_763_650_003_000), error: nil)
            _ = try await receipts.note(read, of: "b1")
            sent.replies = [reply("r2", "Yes, until six.")]
            sent.replies[0].sentAtMS = 1_763_650_009_000
            sent.replies[0].durationMS = 5
            for _ in 0..<2 {
                try await store.record(sent)
                let row = try await pool.query("SELECT * FROM messages WHERE direction = 'out'")[0]
                #expect(row.string("provider_message_id") == "r2" && row.string("status") == "sent")
                #expect(row.optionalString("error") == nil)
                #expect(row.optionalString("delivered_at") == nil && row.optionalString("read_at") == nil)
                #expect(row.time("sent_at").milliseconds == 1_763_650_009_000 && row.int("duration_ms") == 5)
            }
        }
    }

    @Test func `the reason of a failure stands as long as the failure does`() async throws {
        try await withSchema { pool in
            let store = MessageStore(pool: pool)
            var failed = exchange()
            failed.replies[0].status = .failed
            failed.replies[0].error = "463: gone"
            try await store.record(failed)
            try await store.record(exchange())
            let row = try await pool.query("SELECT status, error FROM messages WHERE direction = 'out'")[0]
            #expect(row.string("status") == "failed" && row.string("error") == "463: gone")
        }
    }

    @Test func `a conversation keeps every address and the latest times`() async throws {
        try await withSchema { pool in
            let store = MessageStore(pool: pool)
            try await store.record(exchange())
            var later = Exchange(
                business: "b1", contact: "972501234567", addresses: ["77@lid"],
                inbound: [inbound("m9", "Later", at: 1_763_650_900_000)])
            try await store.record(later)
            later.inbound = [inbound("m8", "Before that", at: 1_763_650_800_000)]
            try await store.record(later)
            let rows = try await pool.query(
                "SELECT contact_name, addresses ? '77@lid' AS lid, addresses ? '972501234567@s.whatsapp.net' AS jid, last_inbound_at FROM conversations"
            )
            #expect(rows.count == 1)
            #expect(rows[0].string("contact_name") == "Dana")
            #expect(rows[0].bool("lid") && rows[0].bool("jid"))
            #expect(rows[0].time("last_inbound_at").milliseconds == 1_763_650_900_000)
        }
    }

    @Test func `a group's message has its author in its row, and the group as conversation`() async throws {
        try await withSchema { pool in
            let row = InboundRow(
                provider: .baileys, providerMessageID: "m1", jobID: "j1", body: "Hi", status: .answered,
                acceptedAtMS: 1,
                author: "972501234567", authorName: "D\0na")
            try await MessageStore(pool: pool).record(
                Exchange(business: "b1", contact: "120363@g.us", addresses: ["120363@g.us"], inbound: [row]))
            let rows = try await pool.query(
                "SELECT author, author_name, contact FROM messages JOIN conversations c ON c.id = conversation_id")
            #expect(rows[0].string("author") == "972501234567" && rows[0].string("author_name") == "D\u{FFFD}na")
            #expect(rows[0].string("contact") == "120363@g.us")
        }
    }

    @Test func `text with NUL characters and any script is stored`() async throws {
        try await withSchema { pool in
            let store = MessageStore(pool: pool)
            var odd = exchange()
            odd.contactName = "D\0na"
            odd.inbound = [
                InboundRow(
                    provider: .meta, providerMessageID: "m1", jobID: "j1", kind: .image, body: "a\0b \\u0000 👩‍👩‍👧 \"",
                    media: #"{"caption":"x\u0000y"}"#, status: .answered, acceptedAtMS: 1)
            ]
            try await store.record(odd)
            let messages = try await store.recentMessages(business: "b1", contact: "972501234567", limit: 10)
            #expect(messages[0].body == "a\u{FFFD}b \\u0000 👩‍👩‍👧 \"")
            let media = try await pool.query("SELECT media ->> 'caption' AS c FROM messages WHERE direction = 'in'")
            #expect(media[0].string("c") == "x\u{FFFD}y")
        }
    }

    @Test func `an exchange can wait as JSON`() throws {
        let data = try JSONEncoder().encode(exchange())
        #expect(try JSONDecoder().decode(Exchange.self, from: data) == exchange())
    }

    @Test func `a thousand exchanges at once are all recorded`() async throws {
        // Ten of each contact: batches of two connections may wait for each other, which Postgres ends after a second.
        var options = PostgresPool.Options()
        options.queryTimeout = .seconds(60)
        try await withSchema(options) { pool in
            let store = MessageStore(pool: pool)
            let outcomes = await outcomesAtOnce(1000) { number in
                var one = exchange()
                one.contact = "\(number % 100)"
                one.inbound = [inbound("m\(number)", "Hi")]
                one.replies = [reply("r\(number)", "Hello", job: "j-m\(number)")]
                try await store.record(one)
            }
            for outcome in outcomes { try outcome.get() }
            let rows = try await pool.query(
                "SELECT count(*) AS n, count(DISTINCT conversation_id) AS c FROM messages")
            #expect(rows[0].int("n") == 2000 && rows[0].int("c") == 100)
        }
    }

    private func exchange() -> Exchange {
        Exchange(
            business: "b1", contact: "972501234567", contactName: "Dana",
            addresses: ["972501234567@s.whatsapp.net"],
            inbound: [
                inbound("m1", "Hi"), inbound("m2", "Are you open?", at: 1_763_650_001_000), inbound("m1", "Hi"),
            ],
            replies: [reply("r1", "Yes, until six.")])
    }

    private func inbound(
        _ id: String, _ body: String, status: InboundRow.Status = .answered, at time: Int64 = 1_763_650_000_123
    ) -> InboundRow {
        InboundRow(
            provider: .baileys, providerMessageID: id, jobID: "j-\(id)", body: body, status: status,
            sentAtMS: time - 500, acceptedAtMS: time)
    }

    private func reply(
        _ id: String, _ body: String, kind: MessageKind = .text, job: String = "j-m1"
    ) -> ReplyRow {
        ReplyRow(
            provider: .baileys, providerMessageID: id, jobID: job, kind: kind, body: body, status: .sent,
            durationMS: 900, sentAtMS: 1_763_650_002_000)
    }

    private func expectAnswered(_ id: String, _ expected: Bool, _ store: MessageStore) async throws {
        let isAnswered = try await store.isAnswered(business: "b1", provider: .baileys, providerMessageID: id)
        #expect(isAnswered == expected)
    }

    /// Every row of both tables, as text.
    private func snapshot(_ pool: PostgresPool) async throws -> [String] {
        try await pool.query(
            """
            SELECT conversations::text AS row FROM conversations UNION ALL SELECT messages::text FROM messages ORDER BY 1
            """
        ).map { $0.string("row") }
    }
}
