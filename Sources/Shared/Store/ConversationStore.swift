import Native

/// Who has a conversation, in its row of `conversations`: for people to see. What decides is in Redis.
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

    package func setBot(business: String, contact: String) async throws(StoreError) {
        try await pool.run(
            """
            UPDATE conversations SET status = 'bot', human_until = NULL WHERE business_id = $1 AND contact = $2
            """,
            [.text(business), .text(contact)])
    }
}
