/// An operation did not end within its time limit and was cancelled.
package struct DeadlineExceeded: Error, Equatable, Sendable, CustomStringConvertible {
    package let limit: Duration

    package init(limit: Duration) { self.limit = limit }

    package var description: String { "did not end within \(limit)" }
}

/// Runs `operation` with a time limit. When the limit passes first, or the caller is cancelled, the operation is cancelled;
/// it is waited for all the same, so nothing of it runs on unseen. An operation that ignores its cancellation
/// hence takes as long as it takes.
///
/// - Throws: `DeadlineExceeded` when the operation failed after its limit had passed; else what it threw. An
///   operation that was done in spite of the cancellation returns its value.
@LoopActor package func withDeadline<T: Sendable>(
    _ limit: Duration, operation: @escaping @LoopActor @Sendable () async throws -> T
) async throws -> T {
    let loop = LoopActor.loop
    let task = loop.spawn(operation)
    var isOver = false
    let timer = loop.after(limit) {
        isOver = true
        task.cancel()
    }
    defer { loop.cancel(timer) }
    let result = await withTaskCancellationHandler {
        await task.result
    } onCancel: {
        task.cancel()
    }
    if isOver, case .failure = result { throw DeadlineExceeded(limit: limit) }
    return try result.get()
}
