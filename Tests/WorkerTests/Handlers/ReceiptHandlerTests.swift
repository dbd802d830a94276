import Native
import TestSupport
import Testing

@testable import Shared
@testable import Worker

@Suite("Receipt job", .onLoop)
@LoopActor struct ReceiptHandlerTests {
    private let metrics = Metrics()

    private func handler(_ pool: PostgresPool, default business: String? = nil) -> ReceiptHandler {
        ReceiptHandler(
            told: ToldSends(
                redis: RedisClient(address: RedisAddress(endpoint: .unix(path: "/nowhere"), password: nil))),
            receipts: ReceiptStore(pool: pool), businesses: BusinessStore(pool: pool), defaultBusiness: business,
            metrics: ReceiptMetrics(metrics), log: Log(level: .error))
    }

    private func job(_ payload: [UInt8]) throws -> LeasedJob {
        let job = Job(
            id: JobID("j"), name: ReceiptJob.name, lane: .receipts, tenant: TenantID("b"), conversation: nil,
            payload: payload)
        return try .unqueued(job)
    }

    private func job(_ status: DeliveryStatus, of tenant: String = "b") throws -> LeasedJob {
        let receipt = DeliveryReceipt(
            tenant: tenant, provider: .baileys, providerMessageID: "M1", status: status,
            at: WallTime(milliseconds: 1_763_650_000_000), error: nil)
        return try job(ReceiptJob.job(for: receipt, traceparent: nil).payload)
    }

    private func expectDone(_ handler: ReceiptHandler, _ job: LeasedJob) async throws {
        let outcome = await handler.run(job)
        #expect(outcome.isDone)
    }

    private func count(_ status: DeliveryStatus, _ outcome: ReceiptStore.Outcome) -> Int {
        Int(metrics.counter(.receipts, [.status: status.rawValue, .outcome: outcome.rawValue]).value)
    }

    @Test func `a receipt is noted and counted by what became of it`() async throws {
        try await withSchema { pool in
            try await BusinessStore(pool: pool).upsert(Business(id: "b", name: "B"))
            let handler = handler(pool)
            try await expectDone(handler, job(.read))
            #expect(count(.read, .early) == 1)
            try await MessageStore(pool: pool).record(
                Exchange(
                    business: "b", contact: "c", inbound: [],
                    replies: [
                        ReplyRow(
                            provider: .baileys, providerMessageID: "M1", jobID: "a", body: "Hello", status: .sent)
                    ]))
            try await expectDone(handler, job(.delivered))
            #expect(count(.delivered, .applied) == 1)
            let rows = try await pool.query("SELECT status FROM messages")
            #expect(rows[0].string("status") == "read")
        }
    }

    @Test func `a receipt of an unknown business is dropped and counted, and leaves no dead job`() async throws {
        try await withSchema { pool in
            try await expectDone(handler(pool), job(.read, of: "nobody"))
            #expect(count(.read, .unknown) == 1)
        }
    }

    @Test func `a receipt under an address is its business's, else the default one's`() async throws {
        try await withSchema { pool in
            var shop = Business(id: "shop", name: "S")
            shop.settings.metaPhoneNumberID = "1066"
            try await BusinessStore(pool: pool).upsert(shop)
            try await BusinessStore(pool: pool).upsert(Business(id: "b", name: "B"))
            try await expectDone(handler(pool, default: "b"), job(.sent, of: "meta.1066"))
            try await expectDone(handler(pool, default: "b"), job(.sent, of: "meta.1067"))
            try await expectDone(handler(pool), job(.sent, of: "meta.1068"))
            let rows = try await pool.query("SELECT business_id AS id FROM early_receipts ORDER BY 1")
            #expect(rows.map { $0.string("id") } == ["b", "shop"])
            #expect(count(.sent, .early) == 2 && count(.sent, .unknown) == 1)
        }
    }

    @Test func `while Postgres is down it comes back, and that is no attempt`() async throws {
        let outcome = await handler(QuarantineFixture.noPostgres).run(try job(.read))
        guard case .retry(let wait?, _, true) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(wait > .zero)
    }

    @Test func `what is no receipt is dead with that reason`() async throws {
        let outcome = await handler(QuarantineFixture.noPostgres).run(try job(Array(#"{"tenant":"b"}"#.utf8)))
        guard case .giveUp = outcome else {
            Issue.record("\(outcome)")
            return
        }
    }
}
