internal import CUV

/// What a descriptor is ready for, or what one waits for.
struct SocketEvents: OptionSet, Sendable {
    let rawValue: Int32
    static let readable = SocketEvents(rawValue: Int32(UV_READABLE.rawValue))
    static let writable = SocketEvents(rawValue: Int32(UV_WRITABLE.rawValue))
}

/// Watches one descriptor that a C library owns, and tells when it is ready. Level-triggered.
///
/// The descriptor must stay open until `stop` was called, and becomes non-blocking. An event that was already fetched
/// when `stop` was called is dropped.
@safe @LoopActor final class SocketWatcher {
    /// Null once stopped, so that a watcher and the owner of its closure do not keep each other.
    private var onReady: ((SocketEvents) -> Void)?
    private(set) var interest: SocketEvents = []
    private var poll: UVHandle?

    /// - Parameter onReady: called on the loop, outside any call of the watcher's methods. An error on the
    ///   descriptor is reported as ready for both, so that the library sees it by itself.
    init(descriptor: Int32, loop: EventLoop = LoopActor.loop, onReady: @escaping (SocketEvents) -> Void) {
        self.onReady = onReady
        let poll = UVHandle(ownedBy: self)
        let status = unsafe uv_poll_init(loop.uv, poll.as(uv_poll_t.self), descriptor)
        precondition(status == 0, "descriptor \(descriptor) cannot be watched: \(uvMessage(status))")
        self.poll = poll
    }

    /// Waits for `events` from now on, and for nothing else. Empty: for nothing.
    func wait(for events: SocketEvents) {
        guard let poll, events != interest else { return }
        interest = events
        if events.isEmpty {
            unsafe uv_poll_stop(poll.as(uv_poll_t.self))
            return
        }
        unsafe uv_poll_start(poll.as(uv_poll_t.self), events.rawValue) { poll, status, events in
            let watcher = unsafe UVHandle.owner(of: poll, as: SocketWatcher.self)
            watcher.fire(status < 0 ? [.readable, .writable] : SocketEvents(rawValue: events))
        }
    }

    /// Ends the watch. Nothing is reported from here on, and the descriptor may be closed.
    func stop() {
        poll?.close()
        poll = nil
        onReady = nil
        interest = []
    }

    private func fire(_ events: SocketEvents) { onReady?(events) }
}
