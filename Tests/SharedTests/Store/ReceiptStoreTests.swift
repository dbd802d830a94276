import Native
import Shared
import TestSupport
import Testing

@Suite("Receipt store", .onLoop)
@LoopActor struct ReceiptStoreTests {
    nonisolated static let orders: [[DeliveryStatus]] = {
        let all: [DeliveryStatus] = [.sent, .failed, .delivered, .read]
        return all.flatMap { first in
            all.filter { $0 != first }.flatMap { second in
                all.filter { $0 != first && $0 != second }.map { third in
                    [first, second, third] + all.filter { ![first, second, third].contains($0) }
                }
            }
        }
    }()

    @Test func `in any order, before and after the row, the row ends the same`() async throws {
        try await withSchema { pool in
            try await BusinessStore(pool: pool).upsert(Business(id: "b", name: "B"))
            for (number, order) in Self.orders.enumerated() {
                for written in 0...order.count { try await expect("O\(number)W\(written)", order, written, pool) }
            }
            let left = try await pool.query("SELECT count(*) AS n FROM early_receipts")
            #expect(left[0].int("n") == 0)
        }
    }

    @Test(arguments: [
        ([DeliveryStatus.sent], "sent"), ([.failed], "failed"), ([.sent, .failed], "failed"),
        ([.failed, .sent], "failed"),
        ([.failed, .delivered], "delivered"), ([.delivered, .failed], "delivered"), ([.read, .failed], "read"),
        ([.read, .sent], "read"),
    ])
    func `a failure beats sent and nothing more`(order: [DeliveryStatus], ends: String) async throws {
        try await withSchema { pool in
            try await BusinessStore(pool: pool).upsert(Business(id: "b", name: "B"))
            let receipts = ReceiptStore(pool: pool)
            for (id, isEarly) in [("early", true), ("late", false)] {
                if !isEarly { try await write(id, pool) }
                for status in order { _ = try await receipts.note(receipt(id, status), of: "b") }
                if isEarly { try await write(id, pool) }
                // Of a queue that was behind.
                try await write(id, pool)
                let row = try await self.row(id, pool)
                #expect(row.status == ends && row.error == (ends == "failed" ? "463: restricted" : nil))
            }
        }
    }

    @Test func `whichever of row and receipts comes first, or all at once by two workers, nothing is lost`()
        async throws
    {
        let server = try await PostgresServer.shared()
        let database = try await server.createDatabase()
        let pools = (0..<3).map { _ in PostgresPool(url: server.url(database), options: .patient) }
        pools[2].start()
        try await pools[2].waitUntilReady(within: .seconds(10))
        try await Migrator(pool: pools[2]).run()
        try await BusinessStore(pool: pools[2]).upsert(Business(id: "b", name: "B"))
        // A default that would break it: our sessions do not take it over.
        try await pools[2].query("ALTER DATABASE \(database) SET default_transaction_isolation = 'repeatable read'")
        for pool in pools[..<2] {
            pool.start()
            try await pool.waitUntilReady(within: .seconds(10))
        }
        for round in 0..<25 {
            let outcomes = await outcomesAtOnce(80) { index in
                let id = "R\(round)N\(index / 2)"
                // So that they do not all go out as one transaction.
                try await LoopActor.loop.sleep(for: .microseconds(.random(in: 0...4000)))
                guard index % 2 == 1 else { return try await write(id, pools[index / 2 % 2]) }
                // One after another, as the queue hands them out, and by any worker.
                for status in [DeliveryStatus.sent, .delivered, .read].shuffled() {
                    _ = try await ReceiptStore(pool: pools.prefix(2).randomElement()!).note(
                        receipt(id, status), of: "b")
                }
            }
            for outcome in outcomes { try outcome.get() }
        }
        let rows = try await pools[0].query(
            "SELECT count(*) AS n, count(*) FILTER (WHERE status = 'read' AND delivered_at < read_at) AS good FROM messages"
        )
        #expect(rows[0].int("n") == 1000 && rows[0].int("good") == 1000)
        let left = try await pools[0].query("SELECT count(*) AS n FROM early_receipts")
        #expect(left[0].int("n") == 0)
        for pool in pools { await pool.close() }
    }

    @Test func `a receipt that waits for a row being written finds it, and the other way round`() async throws {
        try await withSchema { pool in
            try await BusinessStore(pool: pool).upsert(Business(id: "b", name: "B"))
            let receipts = ReceiptStore(pool: pool)
            // The row is there and not committed when the receipt looks for it.
            let noting = try await pool.transaction { transaction in
                try await insert("M1", transaction)
                let noting = LoopActor.loop.spawn { try await receipts.note(receipt("M1", .read), of: "b") }
                try await waiting(for: "rejoinder_keep_receipt", pool)
                return noting
            }
            #expect(try await noting.value == .applied)
            // The receipt is kept and not committed when the row comes.
            let writing = try await pool.transaction { transaction in
                try await transaction.query(
                    "SELECT rejoinder_keep_receipt('b', 'baileys', 'M2', 'read', now(), NULL)")
                let writing = LoopActor.loop.spawn { try await write("M2", pool) }
                try await waiting(for: "INSERT INTO conversations", pool)
                return writing
            }
            try await writing.value
            for id in ["M1", "M2"] {
                let row = try await self.row(id, pool)
                #expect(row.status == "read")
            }
        }
    }

    @Test func `receipts of an unknown business leave nothing`() async throws {
        try await withSchema { pool in
            let outcome = try await ReceiptStore(pool: pool).note(receipt("M1", .read), of: "nobody")
            #expect(outcome == .unknown)
            let rows = try await pool.query("SELECT count(*) AS n FROM early_receipts")
            #expect(rows[0].int("n") == 0)
        }
    }

    @Test func `receipts whose message never comes do not pile up`() async throws {
        try await withSchema { pool in
            try await BusinessStore(pool: pool).upsert(Business(id: "b", name: "B"))
            let receipts = ReceiptStore(pool: pool)
            for number in 0..<10 { _ = try await receipts.note(receipt("old\(number)", .sent), of: "b") }
            try await pool.query("UPDATE early_receipts SET received_at = now() - interval '8 days'")
            for number in 0..<5 { _ = try await receipts.note(receipt("new\(number)", .sent), of: "b") }
            let rows = try await pool.query("SELECT provider_message_id AS id FROM early_receipts ORDER BY 1")
            #expect(rows.map { $0.string("id") } == (0..<5).map { "new\($0)" })
        }
    }

    @Test func `a row that never got out takes the status of the send that did`() async throws {
        try await withSchema { pool in
            try await BusinessStore(pool: pool).upsert(Business(id: "b", name: "B"))
            var failed = exchange("M1")
            failed.replies[0].providerMessageID = nil
            failed.replies[0].status = .failed
            try await MessageStore(pool: pool).record(failed)
            _ = try await ReceiptStore(pool: pool).note(receipt("M1", .delivered), of: "b")
            try await write("M1", pool)
            let row = try await self.row("M1", pool)
            #expect(row == Row(status: "delivered", error: nil, delivered: 3, read: nil))
        }
    }

    // MARK: Parts

    /// Notes the receipts of a message in this order, and writes its row before the one at place `written`.
    private func expect(_ id: String, _ order: [DeliveryStatus], _ written: Int, _ pool: PostgresPool) async throws {
        for (place, status) in order.enumerated() {
            if place == written { try await write(id, pool) }
            let outcome = try await ReceiptStore(pool: pool).note(receipt(id, status), of: "b")
            #expect(outcome == (place < written ? .early : .applied))
        }
        if written == order.count { try await write(id, pool) }
        let row = try await self.row(id, pool)
        #expect(row == Row(status: "read", error: nil, delivered: 3, read: 4), "\(order), row at \(written)")
    }

    private struct Row: Equatable {
        var status: String
        var error: String?
        /// Seconds after the start of the test's hour.
        var delivered, read: Int?
    }

    private static let start: Int64 = 1_763_650_000_000

    private func receipt(_ id: String, _ status: DeliveryStatus) -> DeliveryReceipt {
        let second: Int64 =
            switch status {
            case .failed: 1
            case .sent: 2
            case .delivered: 3
            case .read: 4
            }
        return DeliveryReceipt(
            tenant: "b", provider: .baileys, providerMessageID: id, status: status,
            at: WallTime(milliseconds: Self.start + second * 1000), error: status == .failed ? "463: restricted" : nil)
    }

    private func exchange(_ id: String) -> Exchange {
        Exchange(
            business: "b", contact: "c-\(id)", inbound: [],
            replies: [
                ReplyRow(
                    provider: .baileys, providerMessageID: id, jobID: "j-\(id)", body: "Hello", status: .sent,
                    sentAtMS: Self.start + 1500)
            ])
    }

    private func write(_ id: String, _ pool: PostgresPool) async throws {
        try await MessageStore(pool: pool).record(exchange(id))
    }

    private func insert(_ id: String, _ transaction: PostgresTransaction) async throws {
        try await transaction.query(
            """
            WITH c AS (INSERT INTO conversations (business_id, contact) VALUES ('b', $1) RETURNING id)
            INSERT INTO messages (business_id, conversation_id, direction, provider, provider_message_id, kind, status,
                sent_at)
            SELECT 'b', id, 'out', 'baileys', $1, 'text', 'sent', $2 FROM c
            """, [.text(id), .time(WallTime(milliseconds: Self.start + 1500))])
    }

    /// Until another session stands before a lock in a statement that has this text.
    ///
    /// Each question is a transaction of its own: within one the answer stays the same, and without one it could stand
    /// behind the statement that waits.
    private func waiting(for text: String, _ pool: PostgresPool) async throws {
        try await eventually {
            try await pool.transaction { transaction in
                try await transaction.query(
                    """
                    SELECT count(*) AS n FROM pg_stat_activity
                    WHERE wait_event_type = 'Lock' AND query LIKE '%' || $1 || '%' AND datname = current_database()
                    """, [.text(text)]
                )[0].int("n") > 0
            }
        }
    }

    private func row(_ id: String, _ pool: PostgresPool) async throws -> Row {
        let rows = try await pool.query(
            "SELECT status, error, sent_at, delivered_at, read_at FROM messages WHERE provider_message_id = $1",
            [.text(id)])
        let row = try #require(rows.first)
        #expect(row.time("sent_at").milliseconds == Self.start + 1500)
        func second(_ column: String) -> Int? {
            row.optionalTime(column).map { Int(($0.milliseconds - Self.start) / 1000) }
        }
        return Row(
            status: row.string("status"), error: row.optionalString("error"), delivered: second("delivered_at"),
            read: second("read_at"))
    }
}
