import Native

/// The tables `businesses` and `tools`.
@LoopActor package struct BusinessStore {
    let pool: PostgresPool

    package init(pool: PostgresPool) { self.pool = pool }

    /// Nil when there is none. A disabled one is found too.
    package func find(_ id: String) async throws(StoreError) -> Business? {
        try await pool.run(Self.select + " WHERE b.id = $1", [.text(id)]).first.map(Self.business)
    }

    /// By id, from the one after `last` on.
    package func list(after last: String = "", limit: Int = 1000) async throws(StoreError) -> [Business] {
        let rows = try await pool.run(
            Self.select + " WHERE b.id > $1 ORDER BY b.id LIMIT $2", [.text(last), .int(limit)])
        return try rows.map(Self.business)
    }

    /// Id and settings of every business, by id, from the one after `last` on: all that a webhook is judged by.
    package func settings(
        after last: String = "", limit: Int = 500
    ) async throws(StoreError) -> [(id: String, settings: BusinessSettings)] {
        try await pool.run(
            "SELECT id, settings FROM businesses WHERE id > $1 ORDER BY id LIMIT $2", [.text(last), .int(limit)]
        ).map(Self.settings)
    }

    /// Settings of one business; nil when there is none.
    package func settings(of id: String) async throws(StoreError) -> BusinessSettings? {
        try await pool.run("SELECT id, settings FROM businesses WHERE id = $1", [.text(id)]).first.map(Self.settings)?
            .settings
    }

    /// Ids of those whose `timezone` Postgres has no rules for.
    package func withUnknownTimeZone() async throws(StoreError) -> [String] {
        try await pool.run(
            """
            SELECT id FROM businesses
            WHERE lower(timezone) NOT IN (SELECT lower(name) FROM pg_timezone_names) ORDER BY id
            """
        ).map { $0.string("id") }
    }

    private static func settings(_ row: PostgresRow) throws(StoreError) -> (id: String, settings: BusinessSettings) {
        (row.string("id"), try StoredJSON.read(BusinessSettings.self, row.rawBytes("settings") ?? []))
    }

    /// Creates or replaces the business. Its tools are left as they are: see `put`.
    package func upsert(_ business: Business) async throws(StoreError) {
        try await pool.run(
            """
            INSERT INTO businesses (id, name, status, system_prompt, ai_model, timezone, providers, settings)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (id) DO UPDATE SET
                name = excluded.name, status = excluded.status, system_prompt = excluded.system_prompt,
                ai_model = excluded.ai_model, timezone = excluded.timezone, providers = excluded.providers,
                settings = excluded.settings, updated_at = now()
            """,
            [
                .text(business.id), .text(business.name.storable), .text(business.status.rawValue),
                .text(business.systemPrompt.storable), PostgresParameter(business.aiModel), .text(business.timezone),
                .textArray(business.providers.map(\.rawValue)), .text(StoredJSON.text(business.settings)),
            ])
    }

    /// Creates or replaces one tool of a business, by its name.
    package func put(_ tool: Tool, of business: String) async throws(StoreError) {
        try await pool.run(
            """
            INSERT INTO tools (business_id, name, description, parameters, url, method, headers, timeout_ms, enabled)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (business_id, name) DO UPDATE SET
                description = excluded.description, parameters = excluded.parameters, url = excluded.url,
                method = excluded.method, headers = excluded.headers, timeout_ms = excluded.timeout_ms,
                enabled = excluded.enabled
            """,
            [
                .text(business), .text(tool.name), .text(tool.description.storable),
                .text(StoredJSON.text(json: [UInt8](tool.parameters.utf8))), .text(tool.url), .text(tool.method),
                .text(StoredJSON.text(tool.headers)), .int(tool.timeoutMS), .bool(tool.enabled),
            ])
    }

    private static let select = """
        SELECT b.id, b.name, b.status, b.system_prompt, b.ai_model, b.timezone, b.providers, b.settings,
            (SELECT json_agg(json_build_object(
                'name', t.name, 'description', t.description, 'parameters', t.parameters::text, 'url', t.url,
                'method', t.method, 'headers', t.headers, 'timeout_ms', t.timeout_ms, 'enabled', t.enabled)
                ORDER BY t.name)
            FROM tools t WHERE t.business_id = b.id AND t.enabled) AS tools
        FROM businesses b
        """

    private static func business(_ row: PostgresRow) throws(StoreError) -> Business {
        guard let status = Business.Status(rawValue: row.string("status")) else {
            throw .unreadable("status of business \(row.string("id"))")
        }
        var providers: [ProviderName] = []
        for name in row.textArray("providers") {
            if let provider = ProviderName(rawValue: name), !providers.contains(provider) { providers.append(provider) }
        }
        let tools = row.rawBytes("tools")
        return Business(
            id: row.string("id"), name: row.string("name"), status: status,
            systemPrompt: row.string("system_prompt"), aiModel: row.optionalString("ai_model"),
            timezone: row.string("timezone"), providers: providers,
            settings: try StoredJSON.read(BusinessSettings.self, row.rawBytes("settings") ?? []),
            tools: try tools.map { bytes throws(StoreError) in try StoredJSON.read([Tool].self, bytes) } ?? [])
    }
}
