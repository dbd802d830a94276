internal import CUV

/// Tells when the process gets a signal, on the loop. While it watches, the signal's default action does not happen.
///
/// Signals of the same number that arrive in one turn may be told as one.
@safe @LoopActor package final class SignalWatcher {
    private let signal: Signal
    private let loop: EventLoop
    private let onSignal: @LoopActor () -> Void
    /// Null while not watching.
    private var handle: UVHandle?

    /// - Parameter onSignal: called from `start` to `stop`. A watcher that is not stopped lives as long as the process.
    package init(_ signal: Signal, loop: EventLoop = LoopActor.loop, onSignal: @escaping @LoopActor () -> Void) {
        self.signal = signal
        self.loop = loop
        self.onSignal = onSignal
    }

    package func start() {
        if handle != nil { return }
        let handle = UVHandle(ownedBy: self)
        var status = unsafe uv_signal_init(loop.uv, handle.as(uv_signal_t.self))
        precondition(status == 0, "no signal watcher: \(uvMessage(status))")
        self.handle = handle
        status = unsafe uv_signal_start(
            handle.as(uv_signal_t.self),
            { handle, _ in unsafe UVHandle.owner(of: handle, as: SignalWatcher.self).fire() },
            signal.rawValue)
        precondition(status == 0, "\(signal) cannot be watched: \(uvMessage(status))")
    }

    /// Nothing is told from here on, and the signal has its default action again.
    package func stop() {
        handle?.close()
        handle = nil
    }

    private func fire() {
        if handle != nil { onSignal() }
    }
}
