import Native
import TestSupport
import Testing

@testable import Shared

@Suite("Messages without receipts", .onLoop)
@LoopActor struct UnreceiptedMessageTests {
    private static let start: Int64 = 1_763_650_000_000

    private func reply(
        _ id: String?, at offset: Int64, provider: ProviderName = .twilio, status: DeliveryStatus = .sent
    ) -> ReplyRow {
        ReplyRow(
            provider: provider, providerMessageID: id, jobID: "j-\(id ?? "none")-\(provider.rawValue)", body: "Hello",
            status: status, sentAtMS: Self.start + offset)
    }

    private func window(_ from: Int64, _ to: Int64) -> Range<WallTime> {
        WallTime(milliseconds: Self.start + from)..<WallTime(milliseconds: Self.start + to)
    }

    private func record(_ replies: [ReplyRow], of business: String, _ pool: PostgresPool) async throws {
        try await BusinessStore(pool: pool).upsert(Business(id: business, name: business))
        try await MessageStore(pool: pool).record(
            Exchange(
                business: business, contact: "15550001111",
                addresses: ["15550001111@s.whatsapp.net", "123@lid"], inbound: [], replies: replies))
    }

    @Test func `what stayed sent in that time is found, oldest first, with the contact's addresses`() async throws {
        try await withSchema { pool in
            try await record(
                [
                    reply("late", at: 2000), reply("early", at: 1), reply("read", at: 5, status: .read),
                    reply("meta", at: 6, provider: .meta), reply(nil, at: 7), reply("before", at: -1),
                    reply("after", at: 5000),
                ], of: "a", pool)
            let page = try await MessageStore(pool: pool).unreceipted(
                sentIn: window(0, 5000), after: nil, limit: 10)
            #expect(page.messages.map(\.providerMessageID) == ["early", "late"] && page.next == nil)
            #expect(page.messages.allSatisfy { $0.business == "a" && $0.provider == .twilio })
            #expect(Set(page.messages[0].addresses.map(\.rawValue)) == ["15550001111@s.whatsapp.net", "123@lid"])
        }
    }

    @Test func `page by page each is found once, also those of one moment`() async throws {
        try await withSchema { pool in
            for business in ["a", "b", "c"] {
                try await record(
                    (0..<5).map { reply("\(business)\($0)", at: Int64($0 / 3)) }, of: business, pool)
            }
            let store = MessageStore(pool: pool)
            var found: [String] = [], last: UnreceiptedMessage.Place?
            repeat {
                let page = try await store.unreceipted(sentIn: window(0, 100), after: last, limit: 2)
                found += page.messages.map(\.providerMessageID)
                last = page.next
            } while last != nil
            #expect(found.count == 15 && Set(found).count == 15)
            #expect(Set(found.prefix(9)).allSatisfy { "012".contains($0.last ?? "x") })
        }
    }

    @Test func `the query goes by its index`() async throws {
        try await withSchema { pool in
            let plan = try await pool.transaction { transaction in
                _ = try await transaction.query("SET LOCAL enable_seqscan = off")
                return try await transaction.query(
                    """
                    EXPLAIN SELECT m.id FROM messages m
                    WHERE m.direction = 'out' AND m.status = 'sent' AND m.sent_at >= now() AND m.sent_at < now()
                    """)
            }
            #expect(plan.contains { $0.string("QUERY PLAN").contains("messages_unreceipted") })
        }
    }
}
