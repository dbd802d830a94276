import Native
import Shared

/// Brings the schema up to date, and makes a business to try things out with.
@LoopActor struct DatabaseSetup {
    let url: String
    /// How long the database may take to answer at all.
    var readyWithin = Duration.seconds(30)

    /// - Parameter business: id of a business that is made unless it is there. nil: none.
    /// - Returns: the migrations that were applied.
    /// - Throws: `PostgresError`, `MigrationError`, `StoreError`.
    @discardableResult
    func run(business: String? = nil) async throws -> [Migration] {
        let pool = PostgresPool(url: url)
        pool.start()
        do {
            try await pool.waitUntilReady(within: readyWithin)
            let applied = try await Migrator(pool: pool).run()
            if let business { try await make(business, BusinessStore(pool: pool)) }
            await pool.close()
            return applied
        } catch {
            await pool.close()
            throw error
        }
    }

    /// Changes that the user made to it stay.
    private func make(_ id: String, _ store: BusinessStore) async throws(StoreError) {
        if try await store.find(id) != nil { return }
        try await store.upsert(
            Business(
                id: id, name: "Business 1",
                systemPrompt: "You answer the customers of a small shop on WhatsApp, briefly and kindly."))
    }
}
