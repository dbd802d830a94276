import Native

/// The tables `broadcasts` and `broadcast_recipients`, for operators. For those who send: `BroadcastStore+Sending.swift`.
@LoopActor package struct BroadcastStore {
    let pool: PostgresPool

    package init(pool: PostgresPool) { self.pool = pool }

    /// Makes a draft without recipients. Returns its id.
    package func create(
        business: String, name: String, body: String, provider: ProviderName?
    ) async throws(StoreError) -> Int {
        try await pool.run(
            "INSERT INTO broadcasts (business_id, name, body, provider) VALUES ($1, $2, $3, $4) RETURNING id",
            [
                .text(business), .text(name.storable), .text(body.storable), PostgresParameter(provider?.rawValue),
            ])[0].int("id")
    }

    /// Adds contacts to a draft, each once. Returns how many were not there.
    ///
    /// - Parameter contacts: as conversations name them, some thousands at most.
    package func add(_ contacts: [String], to id: Int, of business: String) async throws(StoreError) -> Int {
        try await pool.run(
            """
            INSERT INTO broadcast_recipients (business_id, broadcast_id, contact)
            SELECT $1, $2, contact FROM unnest($3::text[]) AS contact ON CONFLICT DO NOTHING
            """,
            [.text(business), .int(id), .textArray(contacts)]
        ).affected
    }

    /// Adds everybody who has a conversation with the business, groups left out. Returns how many there are.
    package func addEverybody(to id: Int, of business: String) async throws(StoreError) -> Int {
        try await pool.run(
            """
            INSERT INTO broadcast_recipients (business_id, broadcast_id, contact)
            SELECT business_id, $2, contact FROM conversations
            WHERE business_id = $1 AND contact NOT LIKE '%@g.us' ON CONFLICT DO NOTHING
            """,
            [.text(business), .int(id)], within: .seconds(60)
        ).affected
    }

    /// Lets a draft go out. False when it is none any more.
    ///
    /// - Parameter time: nil: now.
    package func schedule(_ id: Int, of business: String, at time: WallTime?) async throws(StoreError) -> Bool {
        try await pool.run(
            """
            UPDATE broadcasts SET status = 'scheduled', scheduled_at = coalesce($3::timestamptz, now())
            WHERE business_id = $1 AND id = $2 AND status = 'draft'
            """,
            [.text(business), .int(id), PostgresParameter(time)]
        ).affected > 0
    }

    /// What has not begun to go out by now never does. False when it was done or cancelled before, or is not there.
    package func cancel(_ id: Int, of business: String) async throws(StoreError) -> Bool {
        try await pool.run(
            """
            UPDATE broadcasts SET status = 'cancelled', finished_at = now()
            WHERE business_id = $1 AND id = $2 AND status IN ('draft', 'scheduled', 'running')
            """,
            [.text(business), .int(id)]
        ).affected > 0
    }

    /// Latest first.
    ///
    /// - Parameter business: nil: of all.
    package func list(of business: String?, limit: Int) async throws(StoreError) -> [Broadcast] {
        try await pool.run(
            Self.select
                + " WHERE $1::text IS NULL OR b.business_id = $1 ORDER BY b.created_at DESC, b.id DESC LIMIT $2",
            [PostgresParameter(business), .int(limit)]
        ).map(Self.broadcast)
    }

    package func find(_ id: Int, of business: String) async throws(StoreError) -> Broadcast? {
        try await pool.run(
            Self.select + " WHERE b.business_id = $1 AND b.id = $2", [.text(business), .int(id)]
        ).first.map(Self.broadcast)
    }

    /// Contacts who did not get it, and why.
    package func failures(
        of id: Int, business: String, limit: Int
    ) async throws(StoreError) -> [(contact: String, error: String)] {
        try await pool.run(
            """
            SELECT contact, coalesce(error, '') AS error FROM broadcast_recipients
            WHERE business_id = $1 AND broadcast_id = $2 AND status = 'failed' ORDER BY contact LIMIT $3
            """,
            [.text(business), .int(id), .int(limit)]
        ).map { ($0.string("contact"), $0.string("error")) }
    }

    private static let select = """
        SELECT b.id, b.business_id, b.name, b.body, b.provider, b.status, b.scheduled_at, b.started_at, b.finished_at,
            (SELECT json_object_agg(status, n) FROM (
                SELECT status, count(*) AS n FROM broadcast_recipients r
                WHERE r.business_id = b.business_id AND r.broadcast_id = b.id GROUP BY status) AS counts) AS recipients
        FROM broadcasts b
        """

    private static func broadcast(_ row: PostgresRow) throws(StoreError) -> Broadcast {
        guard let status = Broadcast.Status(rawValue: row.string("status")) else {
            throw .unreadable("status of broadcast \(row.int("id"))")
        }
        let counts = try row.rawBytes("recipients").map { bytes throws(StoreError) in
            try StoredJSON.read([String: Int].self, bytes)
        }
        return Broadcast(
            id: row.int("id"), business: row.string("business_id"), name: row.string("name"),
            body: row.string("body"), provider: row.optionalString("provider").flatMap(ProviderName.init(rawValue:)),
            status: status, scheduledAt: row.optionalTime("scheduled_at"), startedAt: row.optionalTime("started_at"),
            finishedAt: row.optionalTime("finished_at"),
            recipients: Dictionary(
                uniqueKeysWithValues: (counts ?? [:]).compactMap { name, count in
                    Broadcast.RecipientStatus(rawValue: name).map { ($0, count) }
                }))
    }
}
