import Native

/// What the workers ask of broadcasts. Each of these may run any number of times.
extension BroadcastStore {
    /// A broadcast whose time has come, of a business that is active.
    package struct Due: Sendable, Equatable {
        package let id: Int
        package let business: String
        package let settings: BusinessSettings
        /// By the business's clock, 0..<1440.
        package let minuteOfDay: Int
        /// Recipients whose job is on the queue or in hand.
        package let queued: Int

        package init(id: Int, business: String, settings: BusinessSettings, minuteOfDay: Int, queued: Int) {
            self.id = id
            self.business = business
            self.settings = settings
            self.minuteOfDay = minuteOfDay
            self.queued = queued
        }
    }

    /// One recipient's part of a broadcast, as it stands.
    package struct Item: Sendable, Equatable {
        package let broadcast: Broadcast.Status
        package let recipient: Broadcast.RecipientStatus
        package let body: String
        package let provider: ProviderName?
        /// By the business's clock, 0..<1440.
        package let minuteOfDay: Int
        /// Whether the contact wants none, under whatever address that was said.
        package let isOptedOut: Bool

        package init(
            broadcast: Broadcast.Status, recipient: Broadcast.RecipientStatus, body: String, provider: ProviderName?,
            minuteOfDay: Int, isOptedOut: Bool
        ) {
            self.broadcast = broadcast
            self.recipient = recipient
            self.body = body
            self.provider = provider
            self.minuteOfDay = minuteOfDay
            self.isOptedOut = isOptedOut
        }
    }

    /// Of each business the oldest first.
    package func due() async throws(StoreError) -> [Due] {
        try await pool.run(
            """
            SELECT b.id, b.business_id, s.settings, rejoinder_minute_of_day(s.timezone) AS minute,
                (SELECT count(*) FROM broadcast_recipients r
                WHERE r.business_id = b.business_id AND r.broadcast_id = b.id AND r.status = 'queued') AS queued
            FROM broadcasts b JOIN businesses s ON s.id = b.business_id
            WHERE (b.status = 'running' OR (b.status = 'scheduled' AND b.scheduled_at <= now()))
                AND s.status = 'active'
            ORDER BY b.business_id, b.scheduled_at, b.id
            """
        ).map { row throws(StoreError) in
            Due(
                id: row.int("id"), business: row.string("business_id"),
                settings: try StoredJSON.read(BusinessSettings.self, row.rawBytes("settings") ?? []),
                minuteOfDay: row.int("minute"), queued: row.int("queued"))
        }
    }

    /// Returns whether it had not begun before.
    package func begin(_ id: Int, of business: String) async throws(StoreError) -> Bool {
        try await pool.run(
            """
            UPDATE broadcasts SET status = 'running', started_at = now()
            WHERE business_id = $1 AND id = $2 AND status = 'scheduled'
            """,
            [.text(business), .int(id)]
        ).affected > 0
    }

    /// Contacts that nothing was done for yet.
    package func pending(_ id: Int, of business: String, limit: Int) async throws(StoreError) -> [String] {
        try await pool.run(
            """
            SELECT contact FROM broadcast_recipients
            WHERE business_id = $1 AND broadcast_id = $2 AND status = 'pending' ORDER BY contact LIMIT $3
            """,
            [.text(business), .int(id), .int(limit)]
        ).map { $0.string("contact") }
    }

    /// Notes jobs that the queue has taken. One that has ended meanwhile stays as it is.
    package func queued(
        _ taken: [(contact: String, job: JobID)], _ id: Int, of business: String
    ) async throws(StoreError) {
        if taken.isEmpty { return }
        try await pool.run(
            """
            UPDATE broadcast_recipients r SET status = 'queued', job_id = t.job
            FROM unnest($3::text[], $4::text[]) AS t(contact, job)
            WHERE r.business_id = $1 AND r.broadcast_id = $2 AND r.contact = t.contact AND r.status = 'pending'
            """,
            [
                .text(business), .int(id), .textArray(taken.map(\.contact)), .textArray(taken.map(\.job.rawValue)),
            ])
    }

    /// Ends a broadcast of which nothing is left to do. Recipients whose job died have failed. Returns whether it ended.
    package func finish(_ id: Int, of business: String) async throws(StoreError) -> Bool {
        try await pool.run(
            """
            UPDATE broadcast_recipients r SET status = 'failed', error = d.reason FROM dead_jobs d
            WHERE r.business_id = $1 AND r.broadcast_id = $2 AND r.status = 'queued' AND d.id = r.job_id
                AND d.replayed_at IS NULL
            """,
            [.text(business), .int(id)])
        return try await pool.run(
            """
            UPDATE broadcasts b SET status = 'done', finished_at = now()
            WHERE business_id = $1 AND id = $2 AND status = 'running' AND NOT EXISTS (
                SELECT 1 FROM broadcast_recipients r
                WHERE r.business_id = $1 AND r.broadcast_id = $2 AND r.status IN ('pending', 'queued'))
            """,
            [.text(business), .int(id)]
        ).affected > 0
    }

    /// nil: there is no such broadcast, or the contact is none of its recipients.
    package func item(_ id: Int, of business: String, for contact: String) async throws(StoreError) -> Item? {
        let row = try await pool.run(
            """
            SELECT b.status AS broadcast, r.status AS recipient, b.body, b.provider,
                rejoinder_minute_of_day(s.timezone) AS minute,
                EXISTS (
                    SELECT 1 FROM opt_outs o WHERE o.business_id = $1 AND o.ended_at IS NULL
                        AND (o.contact = $3 OR o.contact IN (
                            SELECT jsonb_object_keys(c.addresses) FROM conversations c
                            WHERE c.business_id = $1 AND c.contact = $3))) AS is_out
            FROM broadcast_recipients r
            JOIN broadcasts b ON b.business_id = r.business_id AND b.id = r.broadcast_id
            JOIN businesses s ON s.id = r.business_id
            WHERE r.business_id = $1 AND r.broadcast_id = $2 AND r.contact = $3
            """,
            [.text(business), .int(id), .text(contact)]
        ).first
        guard let row else { return nil }
        guard let broadcast = Broadcast.Status(rawValue: row.string("broadcast")),
            let recipient = Broadcast.RecipientStatus(rawValue: row.string("recipient"))
        else { throw .unreadable("status of broadcast \(id)") }
        return Item(
            broadcast: broadcast, recipient: recipient, body: row.string("body"),
            provider: row.optionalString("provider").flatMap(ProviderName.init(rawValue:)),
            minuteOfDay: row.int("minute"), isOptedOut: row.bool("is_out"))
    }

    /// Notes what became of a recipient. What was sent stays so.
    ///
    /// - Parameters:
    ///   - error: of `failed`.
    ///   - time: of `sent`.
    package func end(
        _ status: Broadcast.RecipientStatus, error: String? = nil, at time: WallTime? = nil, for contact: String,
        _ id: Int, of business: String
    ) async throws(StoreError) {
        try await pool.run(
            """
            UPDATE broadcast_recipients SET status = $4, error = $5, sent_at = $6
            WHERE business_id = $1 AND broadcast_id = $2 AND contact = $3 AND status <> 'sent'
            """,
            [
                .text(business), .int(id), .text(contact), .text(status.rawValue), PostgresParameter(error?.storable),
                PostgresParameter(time),
            ])
    }
}
