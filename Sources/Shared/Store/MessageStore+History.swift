import Native

extension MessageStore {
    /// Of a body, what is read of it for a conversation's memory.
    package static let longestSpoken = 8_000

    /// What contact and business said to each other last, in the order in which it was recorded, which is that of the
    /// jobs: a question, its answer, the next question. Stop-gap texts are left out: they say nothing.
    ///
    /// - Parameters:
    ///   - limit: rows; as many again may come, because a long reply has several.
    ///   - job: whose own rows are left out: its message is the one to be answered.
    ///   - patience: waiting for a connection included.
    package func history(
        business: String, contact: String, limit: Int, except job: JobID, within patience: Duration
    ) async throws(StoreError) -> [SpokenRow] {
        do throws(PostgresError) {
            return try await pool.query(
                Self.historyStatement,
                [
                    .text(business), .text(contact), .text(job.rawValue), .int(limit * 2), .int(Self.longestSpoken),
                ], within: patience
            ).reversed().map(SpokenRow.init)
        } catch { throw .postgres(error) }
    }

    /// Whether the contact has written to the business through this provider since then.
    ///
    /// - Parameter patience: waiting for a connection included.
    package func hasWritten(
        business: String, contact: String, to provider: ProviderName, since: WallTime, within patience: Duration
    ) async throws(StoreError) -> Bool {
        do throws(PostgresError) {
            return try await pool.query(
                """
                SELECT 1 FROM messages
                WHERE business_id = $1
                    AND conversation_id = (SELECT id FROM conversations WHERE business_id = $1 AND contact = $2)
                    AND direction = 'in' AND provider = $3 AND accepted_at >= $4
                LIMIT 1
                """,
                [.text(business), .text(contact), .text(provider.rawValue), PostgresParameter(since)], within: patience
            ).count > 0
        } catch { throw .postgres(error) }
    }

    private static let historyStatement = """
        SELECT direction, kind, part, job_id, left(body, $5::integer) AS body, author, author_name
        FROM messages
        WHERE business_id = $1
            AND conversation_id = (SELECT id FROM conversations WHERE business_id = $1 AND contact = $2)
            AND kind NOT IN ('fallback', 'apology') AND job_id IS DISTINCT FROM $3
        ORDER BY id DESC LIMIT $4
        """
}
