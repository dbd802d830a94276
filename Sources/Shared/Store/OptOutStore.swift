import Native

/// The table `opt_outs`: contacts who want no broadcasts. Whatever sends broadcasts asks it first.
@LoopActor package struct OptOutStore {
    private let pool: PostgresPool

    package init(pool: PostgresPool) { self.pool = pool }

    /// Whether the contact has opted out and not come back.
    package func contains(business: String, contact: String) async throws(StoreError) -> Bool {
        try await pool.run(
            "SELECT 1 FROM opt_outs WHERE business_id = $1 AND contact = $2 AND ended_at IS NULL",
            [.text(business), .text(contact)]
        ).count > 0
    }

    /// Records a change. May run any number of times and in any order with others: the latest by time stands, and of two
    /// at the same time that which opts out.
    package func record(_ change: OptOutChange) async throws(StoreError) {
        if change.isOut { try await insert(change) } else { try await remove(change) }
    }

    private func insert(_ change: OptOutChange) async throws(StoreError) {
        try await pool.run(
            """
            INSERT INTO opt_outs AS o (business_id, contact, word, created_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (business_id, contact) DO UPDATE SET
                word = excluded.word, created_at = excluded.created_at, ended_at = NULL
            WHERE greatest(o.created_at, o.ended_at) <= excluded.created_at
            """,
            [
                .text(change.business), .text(change.contact), PostgresParameter(change.word?.storable),
                .time(WallTime(milliseconds: change.atMS)),
            ])
    }

    /// Also where there is no row: an earlier one may still be on its way.
    private func remove(_ change: OptOutChange) async throws(StoreError) {
        try await pool.run(
            """
            INSERT INTO opt_outs AS o (business_id, contact, created_at, ended_at) VALUES ($1, $2, $3, $3)
            ON CONFLICT (business_id, contact) DO UPDATE SET
                ended_at = greatest(o.ended_at, excluded.ended_at)
            WHERE o.created_at < excluded.ended_at
            """,
            [.text(change.business), .text(change.contact), .time(WallTime(milliseconds: change.atMS))])
    }
}
