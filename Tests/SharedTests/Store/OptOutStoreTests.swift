import Native
import Shared
import TestSupport
import Testing

@Suite("Opt-outs and who has a conversation", .onLoop)
@LoopActor struct OptOutStoreTests {
    private func change(_ isOut: Bool, _ atMS: Int64, word: String? = "STOP") -> OptOutChange {
        OptOutChange(business: "b", contact: "15550001111", isOut: isOut, word: isOut ? word : nil, atMS: atMS)
    }

    private func isOut(_ store: OptOutStore) async throws -> Bool {
        try await store.contains(business: "b", contact: "15550001111")
    }

    @Test func `a contact opts out and comes back`() async throws {
        try await withSchema { pool in
            let store = OptOutStore(pool: pool)
            var state = try await isOut(store)
            #expect(!state)
            for _ in 0..<2 { try await store.record(change(true, 1000)) }
            state = try await isOut(store)
            #expect(state)
            let others = try await store.contains(business: "c", contact: "15550001111")
            #expect(!others)
            for _ in 0..<2 { try await store.record(change(false, 2000)) }
            state = try await isOut(store)
            #expect(!state)
            try await store.record(change(true, 3000, word: "nul\0"))
            state = try await isOut(store)
            #expect(state)
        }
    }

    @Test func `of changes in any order the latest stands`() async throws {
        let changes = [change(true, 1000), change(false, 2000), change(true, 3000), change(false, 4000)]
        var orders: [[Int]] = [[]]
        for place in 0..<4 {
            orders = orders.flatMap { order in
                (0...order.count).map { at in
                    var longer = order
                    longer.insert(place, at: at)
                    return longer
                }
            }
        }
        #expect(orders.count == 24)
        try await withSchema { pool in
            let store = OptOutStore(pool: pool)
            for order in orders {
                for last in 2..<4 {
                    try await pool.query("DELETE FROM opt_outs")
                    for place in order where place <= last { try await store.record(changes[place]) }
                    let state = try await isOut(store)
                    #expect(state == changes[last].isOut, "\(order) to \(last)")
                }
            }
        }
    }

    @Test func `a conversation's row says who has it, and until when`() async throws {
        try await withSchema { pool in
            let store = ConversationStore(pool: pool)
            func row() async throws -> String? {
                try await pool.query("SELECT status, human_until::text AS until FROM conversations").first.map {
                    "\($0.string("status")) \($0.optionalString("until") ?? "-")"
                }
            }
            try await store.setBot(business: "b", contact: "1")
            var told = try await row()
            #expect(told == nil)
            try await store.setHuman(business: "b", contact: "1", until: WallTime(milliseconds: 1_800_000_000_000))
            told = try await row()
            #expect(told?.hasPrefix("human 2027-01-15") == true)
            try await store.setHuman(business: "b", contact: "1", until: nil)
            told = try await row()
            #expect(told == "human -")
            try await store.setBot(business: "b", contact: "1")
            told = try await row()
            #expect(told == "bot -")
        }
    }
}
