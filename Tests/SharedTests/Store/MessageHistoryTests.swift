import Native
import TestSupport
import Testing

@testable import Shared

@Suite("Message history", .onLoop)
@LoopActor struct MessageHistoryTests {
    private func inbound(_ id: String, _ body: String?, kind: MessageKind = .text) -> InboundRow {
        InboundRow(
            provider: .baileys, providerMessageID: id, jobID: "j-\(id)", kind: kind, body: body, status: .answered,
            acceptedAtMS: 1_763_650_000_000)
    }

    private func reply(_ id: String, _ body: String, kind: MessageKind = .text, part: Int = 0) -> ReplyRow {
        ReplyRow(
            provider: .baileys, providerMessageID: "r-\(id)-\(kind)-\(part)", jobID: "j-\(id)", kind: kind, part: part,
            body: body, status: .sent, sentAtMS: 1_763_650_002_000)
    }

    private func record(
        _ store: MessageStore, _ inbound: InboundRow, _ replies: [ReplyRow] = [], contact: String = "c",
        business: String = "b"
    ) async throws {
        try await store.record(Exchange(business: business, contact: contact, inbound: [inbound], replies: replies))
    }

    private func bodies(
        _ store: MessageStore, _ contact: String = "c", of business: String = "b", limit: Int = 10,
        except job: String = ""
    ) async throws -> [String?] {
        try await store.history(
            business: business, contact: contact, limit: limit, except: JobID(job), within: .seconds(5)
        ).map(\.body)
    }

    @Test func `what was said comes in order, without stop-gap texts and without the message at hand`() async throws {
        try await withSchema { pool in
            let store = MessageStore(pool: pool)
            try await record(store, inbound("1", "Hi"), [reply("1", "One moment.", kind: .fallback)])
            try await record(store, inbound("1", "Hi"), [reply("1", "Hello!", kind: .followUp)])
            try await record(
                store, inbound("2", "Hours?", kind: .audio), [reply("2", "From nine"), reply("2", "to six.", part: 1)])
            try await record(store, inbound("3", "x"), [reply("3", "Sorry.", kind: .apology)])
            #expect(try await bodies(store) == ["Hi", "Hello!", "Hours?", "From nine", "to six.", "x"])
            #expect(try await bodies(store, except: "j-2") == ["Hi", "Hello!", "x"])
            #expect(try await bodies(store, limit: 1) == ["to six.", "x"])
            let rows = try await store.history(
                business: "b", contact: "c", limit: 10, except: JobID("j-1"), within: .seconds(5))
            #expect(rows.map(\.kind) == [.audio, .text, .text, .text] && rows.map(\.part) == [0, 0, 1, 0])
            #expect(rows.map(\.direction) == [.inbound, .outbound, .outbound, .inbound])
        }
    }

    @Test func `what a person wrote is part of it, and of a group who wrote what`() async throws {
        try await withSchema { pool in
            let store = MessageStore(pool: pool)
            var first = inbound("1", "Hi")
            first.author = "15550001111"
            first.authorName = "Dana"
            try await record(store, first)
            try await pool.query(
                """
                INSERT INTO messages (business_id, conversation_id, direction, provider, provider_message_id, kind, body,
                    status)
                SELECT 'b', id, 'out', 'baileys', 'own', 'text', 'It is me.', 'sent' FROM conversations
                """)
            let rows = try await store.history(
                business: "b", contact: "c", limit: 10, except: JobID("x"), within: .seconds(5))
            #expect(
                rows == [
                    SpokenRow(
                        direction: .inbound, jobID: "j-1", body: "Hi", author: "15550001111", authorName: "Dana"),
                    SpokenRow(direction: .outbound, body: "It is me."),
                ])
        }
    }

    @Test func `no other conversation and no other business is in it`() async throws {
        try await withSchema { pool in
            let store = MessageStore(pool: pool)
            // Contacts and businesses whose names run into each other, and messages of the same ids.
            let all = [("b", "11"), ("b1", "1"), ("b", "1"), ("b", "111"), ("b1", "11"), ("B", "11"), ("b", "11@lid")]
            for (business, contact) in all {
                let message = inbound("same-\(contact)", "\(business) \(contact)")
                try await record(store, message, contact: contact, business: business)
            }
            for (business, contact) in all {
                #expect(try await bodies(store, contact, of: business) == ["\(business) \(contact)"])
            }
            #expect(try await bodies(store, "%", of: "b") == [])
            #expect(try await bodies(store, "11", of: "%") == [])
        }
    }

    @Test func `a long body is cut`() async throws {
        try await withSchema { pool in
            let store = MessageStore(pool: pool)
            try await record(store, inbound("1", String(repeating: "é", count: 60_000)))
            #expect(try await bodies(store) == [String(repeating: "é", count: MessageStore.longestSpoken)])
        }
    }
}
