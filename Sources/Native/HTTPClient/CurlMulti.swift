internal import CLibCurl
internal import Glibc

/// One multi handle of libcurl on the loop, with its kept connections.
@safe @LoopActor final class CurlMulti {
    /// Owned; freed by `close`.
    private let multi: UnsafeMutableRawPointer
    private let loop = LoopActor.loop
    private var sockets: [curl_socket_t: SocketWatcher] = [:]
    /// Those that were opened to connect, until it is known what became of that.
    private var connecting: Set<curl_socket_t> = []
    /// Those of connections that came about. Their watchers stay until they are closed, of which libcurl tells: a new one for
    /// each request would cost three system calls. Others it closes without telling: those that did not connect (7.88,
    /// `cf_socket_close` in cf-socket.c), and its resolver's. Who opens a socket next gets such a one's number.
    private var connections: Set<curl_socket_t> = []
    /// Those of connections without a transfer. They are watched as before, so that the next one changes nothing: that would
    /// be three system calls more.
    private var resting: Set<curl_socket_t> = []
    private var timer: TimerID?
    /// At the turn's end, because libcurl wants to go on at once with a transfer that has just begun.
    private var willGoOn = false
    private var transfers: [ObjectIdentifier: CurlTransfer] = [:]
    /// Those that got a piece of a body in the present call of libcurl.
    private var withChunks: [CurlTransfer] = []
    /// Handles without a transfer, for reuse: making one costs more than resetting one.
    private var idle: [UnsafeMutableRawPointer] = unsafe []
    private var isClosed = false

    var inFlight: Int { transfers.count }
    /// When the last transfer ended; nil while there is one.
    private(set) var idleSince: MonotonicInstant? = .now()

    private static let isLibraryReady: Bool = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK

    /// - Parameter keptConnections: connections kept for the next request. Fewer than are in flight make libcurl close
    ///   those it could use again.
    init(keptConnections: Int) {
        precondition(Self.isLibraryReady, "libcurl cannot start")
        guard let multi = unsafe curl_multi_init() else { fatalError("out of memory") }
        unsafe self.multi = multi
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe ccurl_multi_set_pointer(multi, CURLMOPT_SOCKETDATA, context)
        unsafe ccurl_multi_set_socket(multi, onSocket)
        unsafe ccurl_multi_set_pointer(multi, CURLMOPT_TIMERDATA, context)
        unsafe ccurl_multi_set_timer(multi, onTimer)
        unsafe ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, keptConnections)
    }

    // MARK: Transfers

    func start(_ transfer: CurlTransfer) {
        guard !isClosed else { return transfer.end(.failure(.cancelled)) }
        guard let easy = unsafe idle.popLast() ?? curl_easy_init() else {
            return transfer.end(.failure(.notSent("out of memory")))
        }
        guard unsafe transfer.configure(easy, context: Unmanaged.passUnretained(transfer).toOpaque()) else {
            unsafe recycle(easy)
            return transfer.end(.failure(.invalidURL("the method or a header cannot be sent")))
        }
        unsafe ccurl_set_pointer(easy, CURLOPT_CLOSESOCKETDATA, Unmanaged.passUnretained(self).toOpaque())
        unsafe ccurl_set_close_socket(easy, onCloseSocket)
        unsafe transfer.easy = easy
        transfer.multi = self
        transfers[ObjectIdentifier(transfer)] = transfer
        idleSince = nil
        // Sets the timer to 0, from where it goes on.
        let code = unsafe curl_multi_add_handle(multi, easy)
        if code != CURLM_OK { end(transfer, .failure(.notSent(unsafe String(cString: curl_multi_strerror(code))))) }
    }

    /// Ends the transfer at once; its connection is closed.
    func cancel(_ transfer: CurlTransfer) { end(transfer, .failure(.cancelled)) }

    /// Cancels what runs and closes every connection. Nothing can be started any more.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        for transfer in transfers.values { cancel(transfer) }
        for watcher in sockets.values { watcher.stop() }
        sockets.removeAll()
        unsafe curl_multi_cleanup(multi)
        while let easy = unsafe idle.popLast() { unsafe curl_easy_cleanup(easy) }
        setTimer(-1)
    }

    private func end(_ transfer: CurlTransfer, _ outcome: CurlTransfer.Outcome) {
        guard let easy = unsafe transfer.easy else { return }
        unsafe transfer.easy = nil
        unsafe curl_multi_remove_handle(multi, easy)
        unsafe recycle(easy)
        transfers[ObjectIdentifier(transfer)] = nil
        if transfers.isEmpty { idleSince = .now() }
        transfer.end(outcome)
    }

    private func recycle(_ easy: UnsafeMutableRawPointer) {
        unsafe curl_easy_reset(easy)
        unsafe idle.append(easy)
    }

    // MARK: Events

    private func act(_ socket: curl_socket_t, _ events: Int32) {
        guard !isClosed else { return }
        var running: Int32 = 0
        unsafe curl_multi_socket_action(multi, socket, events, &running)
        var left: Int32 = 0
        // A handler of chunks may close us meanwhile.
        while !isClosed, let message = unsafe curl_multi_info_read(multi, &left) {
            guard unsafe message.pointee.msg == CURLMSG_DONE, let easy = unsafe message.pointee.easy_handle else {
                continue
            }
            unsafe finish(easy, ccurl_result(message))
        }
        deliverChunks()
    }

    private func finish(_ easy: UnsafeMutableRawPointer, _ code: CURLcode) {
        var context: UnsafeMutableRawPointer?
        unsafe ccurl_get_pointer(easy, CURLINFO_PRIVATE, &context)
        let transfer = unsafe Unmanaged<CurlTransfer>.fromOpaque(context!).takeUnretainedValue()
        var sentBytes = 0
        unsafe ccurl_get_long(easy, CURLINFO_REQUEST_SIZE, &sentBytes)
        transfer.noteStatus()
        if code == CURLE_FILESIZE_EXCEEDED { transfer.noteTooLarge() }
        transfer.deliver()
        end(transfer, transfer.outcome(code, wasSent: sentBytes > 0))
    }

    /// What came in this call of libcurl is handed on after it.
    private func deliverChunks() {
        while let transfer = withChunks.popLast() { transfer.deliver() }
    }

    func noteChunk(_ transfer: CurlTransfer) { withChunks.append(transfer) }

    /// libcurl calls in when it wants to wait for something else on a socket.
    fileprivate func watch(_ socket: curl_socket_t, _ what: Int32) {
        if what == CURL_POLL_REMOVE {
            if connections.contains(socket) {
                resting.insert(socket)
            } else {
                connecting.remove(socket)
                sockets.removeValue(forKey: socket)?.stop()
            }
            return
        }
        resting.remove(socket)
        // Until it is connected libcurl waits to write.
        if what & CURL_POLL_IN != 0, connecting.remove(socket) != nil { connections.insert(socket) }
        var events: SocketEvents = []
        if what & CURL_POLL_IN != 0 { events.insert(.readable) }
        if what & CURL_POLL_OUT != 0 { events.insert(.writable) }
        watcher(of: socket).wait(for: events)
    }

    private func watcher(of socket: curl_socket_t) -> SocketWatcher {
        if let watcher = sockets[socket] { return watcher }
        let watcher = SocketWatcher(descriptor: socket) { [unowned self] in isReady(socket, $0) }
        sockets[socket] = watcher
        return watcher
    }

    private func isReady(_ socket: curl_socket_t, _ events: SocketEvents) {
        // The server closes it: libcurl finds out when it would use it again.
        if resting.contains(socket) { return sockets[socket]?.wait(for: []) ?? () }
        var mask: Int32 = 0
        if events.contains(.readable) { mask |= CURL_CSELECT_IN }
        if events.contains(.writable) { mask |= CURL_CSELECT_OUT }
        act(socket, mask)
    }

    func noteOpened(_ socket: curl_socket_t) {
        connecting.insert(socket)
        // One that libcurl has closed in this very call, and of which it tells at the call's end, or not at all when it wants
        // the same of this one.
        guard let stale = sockets.removeValue(forKey: socket) else { return }
        let interest = stale.interest
        stale.stop()
        watcher(of: socket).wait(for: interest)
    }

    fileprivate func setTimer(_ milliseconds: Int) {
        if let timer { loop.cancel(timer) }
        timer = nil
        if milliseconds == 0 { return goOn() }
        guard milliseconds > 0 else { return }
        timer = loop.after(.milliseconds(milliseconds)) { [unowned self] in
            timer = nil
            act(CURL_SOCKET_TIMEOUT, 0)
        }
    }

    /// Not here: libcurl must not be called from within its own call. Called without need it does nothing.
    private func goOn() {
        if willGoOn { return }
        willGoOn = true
        loop.atEndOfTurn { [self] in
            willGoOn = false
            act(CURL_SOCKET_TIMEOUT, 0)
        }
    }

    fileprivate func closeSocket(_ socket: curl_socket_t) -> Int32 {
        sockets.removeValue(forKey: socket)?.stop()
        connecting.remove(socket)
        connections.remove(socket)
        resting.remove(socket)
        return Glibc.close(socket)
    }
}

@LoopActor private func multi(_ context: UnsafeMutableRawPointer?) -> CurlMulti {
    unsafe Unmanaged<CurlMulti>.fromOpaque(context!).takeUnretainedValue()
}

@LoopActor private let onSocket: curl_socket_callback = { _, socket, what, context, _ in
    unsafe multi(context).watch(socket, what)
    return 0
}

@LoopActor private let onTimer: curl_multi_timer_callback = { _, milliseconds, context in
    unsafe multi(context).setTimer(milliseconds)
    return 0
}

@LoopActor private let onCloseSocket: curl_closesocket_callback = { context, socket in
    unsafe multi(context).closeSocket(socket)
}
