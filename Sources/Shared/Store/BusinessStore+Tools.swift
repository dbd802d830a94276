import Native

/// A business's tools, for whoever manages them. Each change tells the processes that keep businesses in memory.
extension BusinessStore {
    /// By name, those that are disabled too.
    package func tools(of business: String) async throws(StoreError) -> [Tool] {
        let rows = try await pool.run(
            """
            SELECT coalesce(json_agg(json_build_object(
                'name', name, 'description', description, 'parameters', parameters::text, 'url', url,
                'method', method, 'headers', headers, 'timeout_ms', timeout_ms, 'enabled', enabled)
                ORDER BY name), '[]') AS tools
            FROM tools WHERE business_id = $1
            """, [.text(business)])
        return try StoredJSON.read([Tool].self, rows.first?.rawBytes("tools") ?? Array("[]".utf8))
    }

    /// False when there is none of that name.
    package func removeTool(_ name: String, of business: String) async throws(StoreError) -> Bool {
        try await !pool.run(
            "DELETE FROM tools WHERE business_id = $1 AND name = $2 RETURNING name", [.text(business), .text(name)]
        ).isEmpty
    }

    /// False when there is none of that name.
    package func setTool(_ name: String, of business: String, enabled: Bool) async throws(StoreError) -> Bool {
        try await !pool.run(
            "UPDATE tools SET enabled = $3 WHERE business_id = $1 AND name = $2 RETURNING name",
            [.text(business), .text(name), .bool(enabled)]
        ).isEmpty
    }
}
