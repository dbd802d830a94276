/// One task that waits for an answer: it gets the answer, its deadline or its cancellation, whichever comes first.
/// What comes later is dropped. Used once.
@safe @LoopActor class PostgresWait<Answer: Sendable> {
    private var continuation: UnsafeContinuation<Result<Answer, PostgresError>, Never>?
    private var timer: TimerID?
    /// Nobody waits any more.
    private(set) final var isOver = false

    /// Calls `submit`, which must see to it that `finish` is called some time, and waits.
    ///
    /// - Parameter isCancellable: false for what must be done also when the task is cancelled.
    final func wait(
        within limit: Duration, isCancellable: Bool = true, submit: () -> Void
    ) async throws(PostgresError) -> Answer {
        let result = await withTaskCancellationHandler {
            await unsafe withUnsafeContinuation { continuation in
                unsafe self.continuation = continuation
                if isCancellable, Task.isCancelled { return finish(.failure(.cancelled)) }
                timer = LoopActor.loop.after(limit) { self.abandon(.timedOut) }
                submit()
            }
        } onCancel: {
            if isCancellable { LoopActor.loop.spawn { self.abandon(.cancelled) } }
        }
        return try result.get()
    }

    /// Gives the waiting task its answer. Later calls do nothing.
    final func finish(_ result: Result<Answer, PostgresError>) {
        guard let continuation = unsafe continuation else { return }
        unsafe self.continuation = nil
        isOver = true
        if let timer { LoopActor.loop.cancel(timer) }
        unsafe continuation.resume(returning: result)
    }

    /// The task has been told that it waits no longer.
    func abandoned() {}

    private func abandon(_ error: PostgresError) {
        if isOver { return }
        finish(.failure(error))
        abandoned()
    }
}

/// A task that waits for a connection of its own.
typealias PostgresCheckout = PostgresWait<PostgresConnection>
