import Native

/// An AI call under way that may be waited for in portions.
@LoopActor final class PendingAnswer {
    private let ended = OneShot<Result<String, AIError>>()
    private var task: Task<Void, Never>?

    /// Begins at once. Whoever makes one cancels it when it is no longer wanted.
    init(_ ask: @escaping @LoopActor @Sendable () async -> Result<String, AIError>) {
        task = LoopActor.loop.spawn { [ended] in ended.resolve(await ask()) }
    }

    /// The answer, or nil when it did not come within `limit`; the call then goes on.
    ///
    /// - Throws: when the waiting task is cancelled.
    func answer(within limit: Duration) async throws(CancellationError) -> Result<String, AIError>? {
        try await ended.value(within: limit)
    }

    func cancel() { task?.cancel() }

    /// Cancels it, and returns when it has ended: nothing more comes of it.
    func stop() async {
        cancel()
        await task?.value
    }
}
