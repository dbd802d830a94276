extension EventLoop {
    /// Waits on the loop's own timer. Use it in place of `Task.sleep`, which would start threads.
    ///
    /// - Throws: at once when the task is cancelled, also when it was cancelled before.
    @LoopActor package func sleep(for duration: Duration) async throws(CancellationError) {
        let sleeper = Sleeper(loop: self)
        let finished = await withTaskCancellationHandler {
            await unsafe withUnsafeContinuation { unsafe sleeper.start(duration, $0) }
        } onCancel: {
            spawn { sleeper.cancel() }
        }
        if !finished { throw CancellationError() }
    }
}

/// One wait of `sleep`: ends by its timer or by cancellation, whichever comes first.
@safe @LoopActor private final class Sleeper {
    private let loop: EventLoop
    private var continuation: UnsafeContinuation<Bool, Never>?
    private var timer: TimerID?

    init(loop: EventLoop) { self.loop = loop }

    func start(_ duration: Duration, _ continuation: UnsafeContinuation<Bool, Never>) {
        if Task.isCancelled {
            unsafe continuation.resume(returning: false)
            return
        }
        unsafe self.continuation = continuation
        timer = loop.after(duration) { self.end(finished: true) }
    }

    func cancel() {
        if let timer { loop.cancel(timer) }
        end(finished: false)
    }

    private func end(finished: Bool) {
        guard let continuation = unsafe continuation else { return }
        unsafe self.continuation = nil
        unsafe continuation.resume(returning: finished)
    }
}
