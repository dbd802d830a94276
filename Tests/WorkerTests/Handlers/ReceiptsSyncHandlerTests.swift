import Native
import TestSupport
import Testing

@testable import Shared
@testable import Worker

@Suite("Asking for receipts", .onLoop)
@LoopActor struct ReceiptsSyncHandlerTests {
    private static let tick = 5_878_834
    private static let now = Int64(tick * ReceiptsSyncJob.interval.milliseconds)

    /// A provider that says of each message what the test says, and keeps what it was asked for.
    private final class Told: Provider {
        let name: ProviderName
        let attempts = 1, keepsIDs = false
        var asked: [String] = []
        var states: [String: SentState] = [:]
        var underWay = 0, mostUnderWay = 0

        init(_ name: ProviderName) { self.name = name }

        func reaches(_ message: OutboundMessage) -> Bool { true }
        func ability(of business: Business) async -> SendAbility { .able }
        func send(_ message: OutboundMessage) async -> SendOutcome { .refused(.message(code: "not asked")) }
        func lookUp(_ message: OutboundMessage, since: WallTime) async -> LookUp { .unreachable }
        func state(of message: SentMessage) async -> SentState {
            asked.append(message.providerID)
            underWay += 1
            mostUnderWay = max(mostUnderWay, underWay)
            defer { underWay -= 1 }
            try? await LoopActor.loop.sleep(for: .milliseconds(1))
            return states[message.providerID] ?? .untold
        }
    }

    private let twilio = Told(.twilio), waha = Told(.waha)
    private let circuits = SharedCircuits(
        redis: RedisClient(address: RedisAddress(endpoint: .unix(path: "/nowhere"), password: nil)),
        metrics: Metrics(), log: Log(level: .error, write: { _ in }))

    private func handler(_ pool: PostgresPool) -> ReceiptsSyncHandler {
        let store = BusinessStore(pool: pool)
        return ReceiptsSyncHandler(
            messages: MessageStore(pool: pool), receipts: ReceiptStore(pool: pool),
            businesses: BusinessCache { id throws(StoreError) in try await store.find(id) },
            providers: [.twilio: twilio, .waha: waha], circuits: circuits, metrics: ReceiptMetrics(Metrics()),
            log: Log(level: .error, write: { _ in }))
    }

    private func job(_ payload: String = #"{"tick":\#(tick)}"#) throws -> LeasedJob {
        let job = Job(
            id: JobID("j"), name: ReceiptsSyncJob.name, lane: .receiptsSync, tenant: TenantID("system"),
            conversation: ConversationID(ReceiptsSyncJob.name), payload: Array(payload.utf8))
        return try .unqueued(job)
    }

    /// Messages of a business that are so many minutes old.
    private func record(
        _ ids: [(id: String, minutes: Int64)], of business: String, through provider: ProviderName = .twilio,
        status: Business.Status = .active, _ pool: PostgresPool
    ) async throws {
        try await BusinessStore(pool: pool).upsert(Business(id: business, name: business, status: status))
        let replies = ids.map { id, minutes in
            ReplyRow(
                provider: provider, providerMessageID: id, jobID: id, body: "Hello", status: .sent,
                sentAtMS: Self.now - minutes * 60_000)
        }
        try await MessageStore(pool: pool).record(
            Exchange(business: business, contact: "15550001111", inbound: [], replies: replies))
    }

    private func rows(_ pool: PostgresPool) async throws -> [String: String] {
        let rows = try await pool.query(
            "SELECT provider_message_id AS id, concat_ws(' ', status, error) AS said FROM messages")
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.string("id"), $0.string("said")) })
    }

    @Test func `what stayed sent is asked for, the oldest first, and what is told is noted forward only`() async throws
    {
        try await withSchema { pool in
            try await record(
                [("young", 2), ("a", 7), ("b", 12), ("c", 22), ("d", 42), ("e", 7), ("old", 2000)], of: "shop", pool)
            twilio.states = [
                "a": .told(.delivered), "b": .told(.read), "c": .told(.failed, error: "63016: outside"),
                "d": .told(.sent), "e": .pending,
            ]
            for _ in 0..<2 {
                let outcome = await handler(pool).run(try job())
                #expect(outcome.isDone)
            }
            let rows = try await rows(pool)
            #expect(
                rows == [
                    "young": "sent", "a": "delivered", "b": "read", "c": "failed 63016: outside", "d": "sent",
                    "e": "sent", "old": "sent",
                ])
            #expect(twilio.asked.prefix(5).sorted() == ["a", "b", "c", "d", "e"] && twilio.asked[0] == "d")
            // What was told is not asked for again.
            #expect(twilio.asked.dropFirst(5).sorted() == ["d", "e"])
        }
    }

    @Test(arguments: [SentState.rateLimited, .unreachable])
    func `a provider that asks to slow down, or does not answer, is left alone for that business`(
        state: SentState
    ) async throws {
        try await withSchema { pool in
            let ids = (0..<20).map { ("s\($0)", Int64(7)) }
            try await record(ids, of: "slow", pool)
            try await record([("other", 7)], of: "z", pool)
            try await record([("waha", 7)], of: "slow", through: .waha, pool)
            for (id, _) in ids { twilio.states[id] = state }
            twilio.states["other"] = .told(.read)
            waha.states["waha"] = .told(.read)
            _ = await handler(pool).run(try job())
            let rows = try await rows(pool)
            #expect(rows["other"] == "read" && rows["waha"] == "read")
            // Those that were under way with it, and no more.
            #expect(twilio.asked.count { $0.hasPrefix("s") } <= 4)
        }
    }

    @Test func `a few are asked for at once, and a page's end is not the end`() async throws {
        try await withSchema { pool in
            try await record((0..<250).map { ("m\($0)", Int64(7)) }, of: "shop", pool)
            let outcome = await handler(pool).run(try job())
            #expect(outcome.isDone, "\(outcome)")
            #expect(Set(twilio.asked).count == 250 && twilio.asked.count == 250)
            #expect(twilio.mostUnderWay > 1 && twilio.mostUnderWay <= 4)
        }
    }

    @Test func `a business that is not active, and a provider with an open circuit, are not asked`() async throws {
        try await withSchema { pool in
            try await record([("p", 7)], of: "paused", status: .paused, pool)
            try await record([("d", 7)], of: "disabled", status: .disabled, pool)
            try await record([("o", 7)], of: "open", pool)
            for _ in 0..<5 {
                circuits.note(.failure, "down", isProbe: false, of: CircuitName(business: "open", provider: .twilio))
            }
            let outcome = await handler(pool).run(try job())
            #expect(outcome.isDone && twilio.asked.isEmpty)
        }
    }

    @Test func `while Postgres is down the tick comes back, and that is no attempt`() async throws {
        let outcome = await handler(QuarantineFixture.noPostgres).run(try job())
        guard case .retry(_, _, true) = outcome else {
            Issue.record("\(outcome)")
            return
        }
    }

    @Test func `what names no tick is dead with that reason`() async throws {
        let outcome = await handler(QuarantineFixture.noPostgres).run(try job("{}"))
        guard case .giveUp = outcome else {
            Issue.record("\(outcome)")
            return
        }
    }
}
