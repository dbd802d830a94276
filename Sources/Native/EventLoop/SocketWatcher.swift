internal import CUV

/// What a descriptor is ready for, or what one waits for.
struct SocketEvents: OptionSet, Sendable {
    let rawValue: Int32
    static let readable = SocketEvents(rawValue: Int32(UV_READABLE.rawValue))
    static let writable = SocketEvents(rawValue: Int32(UV_WRITABLE.rawValue))
}

/// Watches one descriptor that a C library owns, and tells when it is ready. Level-triggered.
///
/// The descriptor must stay open until `stop` was called. libuv keeps the watcher alive until its close callback,
/// because an event that was already fetched may still arrive after `stop`; such an event is dropped here.
@safe @LoopActor final class SocketWatcher {
    private let onReady: (SocketEvents) -> Void
    private var interest: SocketEvents = []
    /// Null once stopped; freed by libuv's close callback.
    private var poll: UnsafeMutablePointer<uv_poll_t>?

    /// - Parameter onReady: called on the loop, outside any call of the watcher's methods. An error on the
    ///   descriptor is reported as ready for both, so that the library sees it by itself.
    init(descriptor: Int32, loop: EventLoop = LoopActor.loop, onReady: @escaping (SocketEvents) -> Void) {
        self.onReady = onReady
        let poll = UnsafeMutablePointer<uv_poll_t>.allocate(capacity: 1)
        let status = unsafe uv_poll_init(loop.uv, poll, descriptor)
        precondition(status == 0, "descriptor \(descriptor) cannot be watched: libuv error \(status)")
        unsafe poll.pointee.data = Unmanaged.passRetained(self).toOpaque()
        unsafe self.poll = poll
    }

    /// Waits for `events` from now on, and for nothing else. Empty: for nothing.
    func wait(for events: SocketEvents) {
        guard let poll = unsafe poll, events != interest else { return }
        interest = events
        if events.isEmpty {
            unsafe uv_poll_stop(poll)
            return
        }
        unsafe uv_poll_start(poll, events.rawValue) { poll, status, events in
            LoopActor.assume {
                let watcher = unsafe Unmanaged<SocketWatcher>.fromOpaque(poll!.pointee.data!).takeUnretainedValue()
                watcher.fire(status < 0 ? [.readable, .writable] : SocketEvents(rawValue: events))
            }
        }
    }

    /// Ends the watch. Nothing is reported from here on, and the descriptor may be closed.
    func stop() {
        guard let poll = unsafe poll else { return }
        unsafe self.poll = nil
        interest = []
        unsafe poll.withMemoryRebound(to: uv_handle_t.self, capacity: 1) { handle in
            unsafe uv_close(handle) { handle in
                unsafe Unmanaged<SocketWatcher>.fromOpaque(handle!.pointee.data!).release()
                unsafe UnsafeMutableRawPointer(handle!).assumingMemoryBound(to: uv_poll_t.self).deallocate()
            }
        }
    }

    private func fire(_ events: SocketEvents) {
        if unsafe poll != nil { onReady(events) }
    }
}
