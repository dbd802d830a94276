import Native

/// The table `conversations`: who has one, for people to see (what decides is in Redis), and whose address is whose.
@LoopActor package struct ConversationStore {
    private let pool: PostgresPool

    package init(pool: PostgresPool) { self.pool = pool }

    /// Makes the row where there is none.
    ///
    /// - Parameter until: when it is the bot's again by itself; nil: when it is given back.
    package func setHuman(business: String, contact: String, until: WallTime?) async throws(StoreError) {
        try await pool.run(
            """
            INSERT INTO conversations AS c (business_id, contact, status, human_until) VALUES ($1, $2, 'human', $3)
            ON CONFLICT (business_id, contact) DO UPDATE SET status = 'human', human_until = excluded.human_until
            """,
            [.text(business), .text(contact), PostgresParameter(until)])
    }

    /// The phone, in digits, of the contact whom an earlier message named by both; nil where none did.
    ///
    /// - Parameters:
    ///   - lid: with its server: `123@lid`.
    ///   - patience: waiting for a connection included.
    package func phone(
        behind lid: String, business: String, within patience: Duration
    ) async throws(StoreError) -> String? {
        do throws(PostgresError) {
            return try await pool.query(
                """
                SELECT contact FROM conversations
                WHERE business_id = $1 AND rejoinder_lid(addresses) = $2 AND contact ~ '^[0-9]+$'
                ORDER BY last_inbound_at DESC NULLS LAST LIMIT 1
                """,
                [.text(business), .text(lid)], within: patience
            ).first?.string("contact")
        } catch { throw .postgres(error) }
    }

    package func setBot(business: String, contact: String) async throws(StoreError) {
        try await pool.run(
            """
            UPDATE conversations SET status = 'bot', human_until = NULL WHERE business_id = $1 AND contact = $2
            """,
            [.text(business), .text(contact)])
    }
}
