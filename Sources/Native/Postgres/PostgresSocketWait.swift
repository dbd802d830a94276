/// One wait for a descriptor, as connecting needs it: the descriptor may be another one the next time.
@safe @LoopActor final class PostgresSocketWait {
    enum Outcome { case ready, timedOut, cancelled }

    private var continuation: UnsafeContinuation<Outcome, Never>?
    private var watcher: SocketWatcher?
    private var timer: TimerID?

    /// Returns when `descriptor` is ready for `events`, when `deadline` has passed or when the task is cancelled,
    /// and watches nothing any more by then.
    static func until(
        _ descriptor: Int32, _ events: SocketEvents, deadline: MonotonicInstant
    ) async -> Outcome {
        let wait = PostgresSocketWait()
        return await withTaskCancellationHandler {
            await unsafe withUnsafeContinuation { unsafe wait.start(descriptor, events, deadline, $0) }
        } onCancel: {
            LoopActor.loop.spawn { wait.end(.cancelled) }
        }
    }

    private func start(
        _ descriptor: Int32, _ events: SocketEvents, _ deadline: MonotonicInstant,
        _ continuation: UnsafeContinuation<Outcome, Never>
    ) {
        unsafe self.continuation = continuation
        if Task.isCancelled { return end(.cancelled) }
        watcher = SocketWatcher(descriptor: descriptor) { _ in self.end(.ready) }
        watcher?.wait(for: events)
        timer = LoopActor.loop.after(deadline - MonotonicInstant.now()) { self.end(.timedOut) }
    }

    private func end(_ outcome: Outcome) {
        guard let continuation = unsafe continuation else { return }
        unsafe self.continuation = nil
        watcher?.stop()
        watcher = nil
        if let timer { LoopActor.loop.cancel(timer) }
        unsafe continuation.resume(returning: outcome)
    }
}
