import Native

/// Starts `count` tasks in one turn, in the order of their index, and returns their results in that order.
@LoopActor package func atOnce<T: Sendable>(
    _ count: Int, _ body: @escaping @LoopActor @Sendable (Int) async throws -> T
) async throws -> [T] {
    let tasks = (0..<count).map { index in LoopActor.loop.spawn { try await body(index) } }
    var results: [T] = []
    for task in tasks { results.append(try await task.value) }
    return results
}
