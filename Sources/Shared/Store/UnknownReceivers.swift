import Native

/// Dead messages for addresses that were in no business's settings.
@LoopActor package struct UnknownReceivers {
    private let pool: PostgresPool

    package init(pool: PostgresPool) { self.pool = pool }

    /// By the name that stands for the business (`meta.106540352242922`), most messages first, those without a business
    /// of that id.
    package func waiting(limit: Int = 100) async throws(StoreError) -> [(name: String, count: Int)] {
        try await pool.run(
            """
            SELECT business_id, count(*) AS n FROM dead_jobs d
            WHERE replayed_at IS NULL AND business_id ~ '^(twilio|meta|evolution|waha)[.]'
                AND NOT EXISTS (SELECT 1 FROM businesses b WHERE b.id = d.business_id)
            GROUP BY business_id ORDER BY n DESC, business_id LIMIT $1
            """, [.int(limit)]
        ).map { ($0.string("business_id"), $0.int("n")) }
    }
}
