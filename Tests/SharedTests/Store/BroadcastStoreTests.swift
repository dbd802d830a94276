import Native
import Shared
import TestSupport
import Testing

@Suite("Broadcast store", .onLoop)
@LoopActor struct BroadcastStoreTests {
    private let contacts = ["15550000001", "15550000002", "15550000003"]

    private func withStore(_ body: @LoopActor (BroadcastStore, PostgresPool) async throws -> Void) async throws {
        try await withSchema { pool in
            for id in ["b1", "b2"] {
                try await BusinessStore(pool: pool).upsert(Business(id: id, name: id, timezone: "Asia/Kolkata"))
            }
            try await body(BroadcastStore(pool: pool), pool)
        }
    }

    private func make(_ store: BroadcastStore, at time: WallTime? = nil) async throws -> Int {
        let id = try await store.create(business: "b1", name: "News", body: "Hi", provider: nil)
        _ = try await store.add(contacts, to: id, of: "b1")
        _ = try await store.schedule(id, of: "b1", at: time)
        return id
    }

    @Test func `a draft gets each contact once, and is due when it is scheduled and its time has come`() async throws {
        try await withStore { store, _ in
            let id = try await store.create(business: "b1", name: "News\0", body: "Hi\0", provider: .twilio)
            var added = try await store.add(contacts + contacts, to: id, of: "b1")
            #expect(added == 3)
            added = try await store.add(contacts, to: id, of: "b1")
            #expect(added == 0)
            var due = try await store.due()
            #expect(due == [])
            let later = WallTime(milliseconds: WallTime.now().milliseconds + 3_600_000)
            let other = try await make(store, at: later)
            var isScheduled = try await store.schedule(id, of: "b1", at: nil)
            #expect(isScheduled)
            isScheduled = try await store.schedule(id, of: "b1", at: nil)
            #expect(!isScheduled)
            due = try await store.due()
            #expect(due.map(\.id) == [id] && due[0].business == "b1" && due[0].queued == 0)
            let all = try await store.list(of: "b1", limit: 10)
            #expect(all.map(\.id) == [other, id] && all.map(\.status) == [.scheduled, .scheduled])
            #expect(all[1].provider == .twilio && all[1].recipients == [.pending: 3] && all[1].size == 3)
            let others = try await store.list(of: "b2", limit: 10)
            #expect(others == [])
        }
    }

    @Test func `it runs until every recipient has come to an end`() async throws {
        try await withStore { store, pool in
            let id = try await make(store)
            var hasBegun = try await store.begin(id, of: "b1")
            #expect(hasBegun)
            hasBegun = try await store.begin(id, of: "b1")
            #expect(!hasBegun)
            let pending = try await store.pending(id, of: "b1", limit: 2)
            #expect(pending == Array(contacts.prefix(2)))
            try await store.queued(contacts.map { ($0, JobID("j\($0)")) }, id, of: "b1")
            let due = try await store.due()
            #expect(due.map(\.queued) == [3])
            try await store.end(.sent, at: .now(), for: contacts[0], id, of: "b1")
            // What was sent stays sent, whoever comes late.
            try await store.queued([(contacts[0], JobID("late"))], id, of: "b1")
            try await store.end(.failed, error: "late", for: contacts[0], id, of: "b1")
            try await store.end(.failed, error: "63016", for: contacts[1], id, of: "b1")
            var isDone = try await store.finish(id, of: "b1")
            #expect(!isDone)
            // The third one's job is dead.
            try await DeadJobStore(pool: pool).upsert(
                DeadJob(
                    id: "j\(contacts[2])", business: "b1", queue: "broadcasts", name: "broadcast_message",
                    payload: "{}",
                    reason: "crashed three workers", attempts: 1, diedAt: .now()))
            isDone = try await store.finish(id, of: "b1")
            #expect(isDone)
            let found = try #require(try await store.find(id, of: "b1"))
            #expect(found.status == .done && found.recipients == [.sent: 1, .failed: 2] && found.finishedAt != nil)
            let failures = try await store.failures(of: id, business: "b1", limit: 10)
            #expect(failures.map(\.contact) == Array(contacts.dropFirst()))
            #expect(failures.map(\.error) == ["63016", "crashed three workers"])
        }
    }

    @Test func `a paused business's and a cancelled one are not due`() async throws {
        try await withStore { store, pool in
            let id = try await make(store)
            try await BusinessStore(pool: pool).upsert(Business(id: "b1", name: "b1", status: .paused))
            var due = try await store.due()
            #expect(due == [])
            try await BusinessStore(pool: pool).upsert(Business(id: "b1", name: "b1"))
            var isCancelled = try await store.cancel(id, of: "b2")
            #expect(!isCancelled)
            isCancelled = try await store.cancel(id, of: "b1")
            #expect(isCancelled)
            isCancelled = try await store.cancel(id, of: "b1")
            #expect(!isCancelled)
            due = try await store.due()
            #expect(due == [])
            let item = try await store.item(id, of: "b1", for: contacts[0])
            #expect(item?.broadcast == .cancelled)
        }
    }

    @Test func `who has opted out is known under each address of the conversation`() async throws {
        try await withStore { store, pool in
            let id = try await make(store)
            let optOuts = OptOutStore(pool: pool)
            func isOut() async throws -> Bool? { try await store.item(id, of: "b1", for: contacts[0])?.isOptedOut }
            func note(_ contact: String, _ isOut: Bool, _ atMS: Int64) async throws {
                try await optOuts.record(
                    OptOutChange(business: "b1", contact: contact, isOut: isOut, word: nil, atMS: atMS))
            }
            try await MessageStore(pool: pool).record(
                Exchange(
                    business: "b1", contact: contacts[0], addresses: ["\(contacts[0])@s.whatsapp.net", "77@lid"],
                    inbound: []))
            var state = try await isOut()
            #expect(state == false)
            try await note("77@lid", true, 1)
            state = try await isOut()
            #expect(state == true)
            try await note("77@lid", false, 2)
            try await note(contacts[0], true, 3)
            state = try await isOut()
            #expect(state == true)
            try await note(contacts[0], false, 4)
            try await note(contacts[1], true, 4)
            state = try await isOut()
            #expect(state == false)
            let none = try await store.item(id, of: "b1", for: "15559999999")
            #expect(none == nil)
        }
    }

    @Test func `everybody is who has a conversation, without groups`() async throws {
        try await withStore { store, pool in
            for contact in ["15550000009", "88@lid", "1@g.us"] {
                try await MessageStore(pool: pool).record(
                    Exchange(business: "b1", contact: contact, addresses: [contact], inbound: []))
            }
            let id = try await store.create(business: "b1", name: "News", body: "Hi", provider: nil)
            let count = try await store.addEverybody(to: id, of: "b1")
            #expect(count == 2)
            let pending = try await store.pending(id, of: "b1", limit: 10)
            #expect(pending.sorted() == ["15550000009", "88@lid"])
        }
    }

    @Test func `the minute of the day is the business's, and UTC's where its zone is unknown`() async throws {
        try await withSchema { pool in
            let row = try await pool.query(
                """
                SELECT rejoinder_minute_of_day('UTC') AS utc, rejoinder_minute_of_day('Asia/Kolkata') AS kolkata,
                    rejoinder_minute_of_day('Nowhere/At all') AS unknown
                """)[0]
            #expect((row.int("utc") + 330) % 1440 == row.int("kolkata"))
            #expect(row.int("unknown") == row.int("utc"))
        }
    }
}
