import Native
import Shared

/// Runs `body` with a pool on a new database that has the present schema.
@LoopActor package func withSchema(
    _ options: PostgresPool.Options = .patient,
    _ body: @LoopActor (PostgresPool) async throws -> Void
) async throws {
    try await withPool(options) { pool in
        try await Migrator(pool: pool).run()
        try await body(pool)
    }
}
