import Native
import Shared
import TestSupport
import Testing

@Suite("Conversation store", .onLoop)
@LoopActor struct ConversationStoreTests {
    private func record(_ contact: String, _ addresses: [String], _ business: String, _ pool: PostgresPool) async throws
    {
        try await MessageStore(pool: pool).record(
            Exchange(
                business: business, contact: contact, addresses: addresses,
                inbound: [
                    InboundRow(
                        provider: .baileys, providerMessageID: contact + business, jobID: contact + business,
                        status: .answered, acceptedAtMS: 1_700_000_000_000)
                ]))
    }

    @Test func `a phone is known behind a lid that came with it, to that business only`() async throws {
        try await withSchema { pool in
            let store = ConversationStore(pool: pool)
            for business in ["b1", "b2"] {
                try await BusinessStore(pool: pool).upsert(Business(id: business, name: business))
            }
            try await record("15550001111", ["5@lid", "15550001111@s.whatsapp.net"], "b1", pool)
            try await record("6@lid", ["6@lid"], "b1", pool)
            func phone(_ lid: String, _ business: String) async throws -> String? {
                try await store.phone(behind: lid, business: business, within: .seconds(5))
            }
            #expect(try await phone("5@lid", "b1") == "15550001111")
            #expect(try await phone("5@lid", "b2") == nil)
            // Its own conversation is none that tells a phone.
            #expect(try await phone("6@lid", "b1") == nil)
        }
    }
}
