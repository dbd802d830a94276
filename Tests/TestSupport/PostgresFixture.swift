import Native
import Testing

extension PostgresOptions {
    /// Waits longer than a loop that runs a thousand tests beside it makes it wait.
    package static let patient = {
        var options = PostgresOptions()
        options.queryTimeout = .seconds(30)
        return options
    }()
}

/// Runs `body` with a pool on a new database of the shared server.
@LoopActor package func withPool(
    _ options: PostgresPool.Options = .patient,
    _ body: @LoopActor (PostgresPool) async throws -> Void
) async throws {
    let server = try await PostgresServer.shared()
    let pool = PostgresPool(url: server.url(try await server.createDatabase()), options: options)
    pool.start()
    try await pool.waitUntilReady(within: .seconds(10))
    do {
        try await body(pool)
    } catch {
        await pool.close()
        throw error
    }
    await pool.close()
}

/// Asks until `condition` holds, for things that only asking can tell. Fails after ten seconds.
@LoopActor package func eventually(
    _ condition: @LoopActor () async throws -> Bool, sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    let deadline = MonotonicInstant.now() + .seconds(10)
    while MonotonicInstant.now() < deadline {
        if try await condition() { return }
        try await LoopActor.loop.sleep(for: .milliseconds(5))
    }
    Issue.record("did not come about within ten seconds", sourceLocation: sourceLocation)
}

/// Runs `body` `count` times at once, each in a task of its own, and returns what came of it in order.
@LoopActor package func outcomesAtOnce<T: Sendable>(
    _ count: Int, _ body: @escaping @LoopActor @Sendable (Int) async throws -> T
) async -> [Result<T, any Error>] {
    let tasks = (0..<count).map { index in LoopActor.loop.spawn { try await body(index) } }
    var results: [Result<T, any Error>] = []
    for task in tasks { results.append(await task.result) }
    return results
}
