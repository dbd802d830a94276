import Native

/// The tables `conversations` and `messages`.
@LoopActor package struct MessageStore {
    let pool: PostgresPool

    package init(pool: PostgresPool) { self.pool = pool }

    /// Records an exchange in one statement: the conversation, the inbound messages and the replies to them.
    ///
    /// May run any number of times, also at once: rows are found by their unique keys, and a status only moves forward.
    /// Replies answer all inbound messages of the same exchange, also those that were recorded before; so hand the
    /// inbound messages over again with a follow-up.
    ///
    /// - Parameter limit: nil: a query's own. Past it the rows may be written all the same.
    package func record(_ exchange: Exchange, within limit: Duration? = nil) async throws(StoreError) {
        try await pool.run(
            Self.recordStatement,
            [
                .text(exchange.business), .text(exchange.contact), PostgresParameter(exchange.contactName?.storable),
                .text(StoredJSON.flags(exchange.addresses)),
                .text(StoredJSON.array(exchange.inbound) { $0.write(to: &$1) }),
                .text(StoredJSON.array(exchange.replies) { $0.write(to: &$1) }),
            ], within: limit)
    }

    /// Whether this inbound message has got its real answer, as opposed to none or a stop-gap.
    package func isAnswered(
        business: String, provider: ProviderName, providerMessageID: String
    ) async throws(StoreError) -> Bool {
        try await pool.run(
            """
            SELECT 1 FROM messages
            WHERE business_id = $1 AND provider = $2 AND direction = 'in' AND provider_message_id = $3
                AND status = 'answered'
            """,
            [.text(business), .text(provider.rawValue), .text(providerMessageID)]
        ).count > 0
    }

    /// Notes where a file that came with a message is kept. False when the message has no row, or no such file.
    ///
    /// - Parameters:
    ///   - path: below `MEDIA_DIR`.
    ///   - place: among the message's media, from 0.
    ///   - job: of the message.
    package func noteFile(
        _ path: String, place: Int, business: String, job: String
    ) async throws(StoreError) -> Bool {
        try await pool.run(
            """
            UPDATE messages SET media = jsonb_set(media, ARRAY[$3::text, 'file'], to_jsonb($4::text))
            WHERE business_id = $1 AND job_id = $2 AND direction = 'in' AND media -> $3::integer IS NOT NULL
            RETURNING id
            """,
            [.text(business), .text(job), .int(place), .text(path)]
        ).count > 0
    }

    /// Whether a message that we sent has this id at the provider.
    package func isSent(
        business: String, provider: ProviderName, providerMessageID: String
    ) async throws(StoreError) -> Bool {
        try await pool.run(
            """
            SELECT 1 FROM messages
            WHERE business_id = $1 AND provider = $2 AND direction = 'out' AND provider_message_id = $3
                AND kind <> 'person'
            """,
            [.text(business), .text(provider.rawValue), .text(providerMessageID)]
        ).count > 0
    }

    /// The last `limit` messages of a conversation, oldest first. Empty when there is no such conversation.
    package func recentMessages(
        business: String, contact: String, limit: Int
    ) async throws(StoreError) -> [StoredMessage] {
        try await pool.run(
            """
            SELECT id, direction, provider, provider_message_id, job_id, in_reply_to, kind, part, body, status,
                attempts, error, created_at
            FROM messages
            WHERE business_id = $1
                AND conversation_id = (SELECT id FROM conversations WHERE business_id = $1 AND contact = $2)
            ORDER BY id DESC LIMIT $3
            """,
            [.text(business), .text(contact), .int(limit)]
        ).reversed().map(StoredMessage.init)
    }

    /// Parameters: business, contact, its name, addresses, inbound rows, reply rows; the last three are JSON.
    ///
    /// A conflicting inbound row is updated with what it has, because only then is its id returned, which the
    /// replies need.
    private static let recordStatement = """
        WITH incoming AS (
            SELECT DISTINCT ON (provider, provider_message_id) * FROM jsonb_to_recordset($5::jsonb) AS m(
                provider text, provider_message_id text, job_id text, kind text, body text, media text, status text,
                sent_at_ms bigint, accepted_at_ms bigint, author text, author_name text)
            ORDER BY provider, provider_message_id, accepted_at_ms
        ), outgoing AS (
            SELECT * FROM jsonb_to_recordset($6::jsonb) AS m(
                provider text, provider_message_id text, job_id text, kind text, part integer, body text, status text,
                unconfirmed boolean, attempts integer, error text, duration_ms integer, sent_at_ms bigint)
        ), conversation AS (
            INSERT INTO conversations AS c (
                business_id, contact, contact_name, addresses, last_inbound_at, last_outbound_at)
            SELECT $1, $2, $3, $4::jsonb,
                (SELECT to_timestamp(max(accepted_at_ms) / 1000.0) FROM incoming),
                (SELECT to_timestamp(max(sent_at_ms) / 1000.0) FROM outgoing)
            ON CONFLICT (business_id, contact) DO UPDATE SET
                contact_name = coalesce(excluded.contact_name, c.contact_name),
                addresses = c.addresses || excluded.addresses,
                last_inbound_at = greatest(c.last_inbound_at, excluded.last_inbound_at),
                last_outbound_at = greatest(c.last_outbound_at, excluded.last_outbound_at)
            RETURNING id
        ), inbound AS (
            INSERT INTO messages AS m (
                business_id, conversation_id, direction, provider, provider_message_id, job_id, kind, body, media,
                status, sent_at, accepted_at, author, author_name)
            SELECT $1, conversation.id, 'in', i.provider, i.provider_message_id, i.job_id, i.kind, i.body, i.media::jsonb,
                i.status, to_timestamp(i.sent_at_ms / 1000.0), to_timestamp(i.accepted_at_ms / 1000.0), i.author,
                i.author_name
            FROM incoming i, conversation
            ORDER BY i.accepted_at_ms
            ON CONFLICT (business_id, provider, direction, provider_message_id) DO UPDATE SET
                -- What a voice message says may be known only later.
                body = coalesce(excluded.body, m.body),
                status = CASE WHEN rejoinder_status_rank(excluded.status) > rejoinder_status_rank(m.status)
                    THEN excluded.status ELSE m.status END
            RETURNING id
        )
        INSERT INTO messages AS m (
            business_id, conversation_id, direction, provider, provider_message_id, job_id, in_reply_to, kind, part,
            body, status, unconfirmed, attempts, error, duration_ms, sent_at)
        SELECT $1, conversation.id, 'out', o.provider, o.provider_message_id, o.job_id,
            ARRAY(SELECT id FROM inbound ORDER BY id), o.kind, o.part, o.body, o.status, o.unconfirmed, o.attempts,
            o.error, o.duration_ms, to_timestamp(o.sent_at_ms / 1000.0)
        FROM outgoing o, conversation
        ORDER BY o.sent_at_ms, o.part
        ON CONFLICT (business_id, job_id, direction, kind, part) DO UPDATE SET
            provider = excluded.provider,
            provider_message_id = coalesce(excluded.provider_message_id, m.provider_message_id),
            status = CASE WHEN \(isAnotherSend) THEN excluded.status
                ELSE rejoinder_later_status(m.status, excluded.status) END,
            unconfirmed = m.unconfirmed OR excluded.unconfirmed,
            attempts = greatest(m.attempts, excluded.attempts),
            error = CASE WHEN \(isAnotherSend) THEN excluded.error
                ELSE rejoinder_later_error(m.status, m.error, excluded.status, excluded.error) END,
            duration_ms = CASE WHEN \(isAnotherSend) THEN excluded.duration_ms
                ELSE coalesce(m.duration_ms, excluded.duration_ms) END,
            sent_at = CASE WHEN \(isAnotherSend) THEN excluded.sent_at
                ELSE coalesce(m.sent_at, excluded.sent_at) END,
            -- What came before the row: the trigger has put it into the new values.
            delivered_at = CASE WHEN \(isAnotherSend) THEN excluded.delivered_at
                ELSE least(m.delivered_at, excluded.delivered_at) END,
            read_at = CASE WHEN \(isAnotherSend) THEN excluded.read_at
                ELSE least(m.read_at, excluded.read_at) END
        """

    /// Another send than the one recorded: what became of that one says nothing of it.
    private static let isAnotherSend = """
        (m.provider_message_id IS DISTINCT FROM excluded.provider_message_id AND excluded.provider_message_id IS NOT NULL)
        """
}
