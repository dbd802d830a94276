internal import CMicroHTTPD
internal import Glibc

/// An HTTP/1.1 server: libmicrohttpd does the protocol, its epoll descriptor hangs in our loop, and each request runs
/// as a task of the loop.
///
/// What a client may cost is bounded (`HTTPServerLimits`); past a limit it gets a JSON error. Two answers are
/// libmicrohttpd's own and come as HTML: those to a request line or header that is no HTTP, and the 431 to headers
/// that are a fifth over the limit, or more than some 150.
@safe @LoopActor package final class HTTPServer {
    package typealias Handler = @LoopActor (HTTPRequest) async -> HTTPResponse

    /// Null unless running.
    var daemon: OpaquePointer?
    let limits: HTTPServerLimits
    let handler: Handler
    let loop = LoopActor.loop
    var connections = HTTPConnectionSet()
    /// Bytes of bodies that are held: of requests that arrive, and of those with the handler.
    package internal(set) var bodyBytes = 0
    /// Requests whose chunked body is arriving.
    var chunked: [HTTPExchange] = []
    /// Grows with each piece of a body.
    var pieces = 0
    /// Kept for the next ones, which nearly always are the same.
    var lastAnswer: HTTPAnswer?
    /// Between two sweeps.
    var sweepTimer: TimerID?
    /// During a sweep: how many of the connections are still to be looked at, from the first on.
    var sweepPlace: Int?
    private(set) var isDraining = false
    private let endpoint: HTTPEndpoint
    private var listener: ListeningSocket?
    private var watcher: SocketWatcher?
    private var isPumpPlanned = false
    private var onEmpty: (() -> Void)?

    /// The port that is listened on, once started; 0 for a Unix socket.
    package private(set) var port = 0
    /// Requests that are with the handler now.
    package internal(set) var requestsInFlight = 0
    /// Connections since the start.
    package internal(set) var connectionsAccepted = 0
    /// Connections now.
    package var connectionCount: Int { connections.count }

    /// - Parameter handler: called once for each request whose body has arrived. Runs to its end also when the client
    ///   goes away meanwhile.
    package init(endpoint: HTTPEndpoint, limits: HTTPServerLimits = HTTPServerLimits(), handler: @escaping Handler) {
        self.endpoint = endpoint
        self.limits = limits
        self.handler = handler
    }

    // MARK: Life

    /// Listens and serves until `drain` or `stop`. The server keeps itself alive that long.
    package func start() throws(HTTPServerError) {
        precondition(unsafe daemon == nil, "the server runs already")
        let listener = try ListeningSocket(endpoint)
        let context = unsafe Unmanaged.passRetained(self)
        guard let daemon = unsafe startDaemon(listener, context: context.toOpaque()) else {
            unsafe context.release()
            close(listener.descriptor)
            throw .system(call: "MHD_start_daemon", reason: "refused its settings, or no memory")
        }
        unsafe self.daemon = daemon
        self.listener = listener
        port = listener.port
        isDraining = false
        let watcher = SocketWatcher(descriptor: unsafe cmhd_epoll_descriptor(daemon)) { [unowned self] _ in pump() }
        watcher.wait(for: .readable)
        self.watcher = watcher
        // Puts the listening socket into the epoll descriptor.
        pump()
    }

    /// Accepts nothing more, lets the requests finish that began to arrive, and stops: at the latest after `limit`.
    /// Connections that wait for a request are closed at once.
    package func drain(within limit: Duration) async {
        guard unsafe daemon != nil, !isDraining else { return }
        isDraining = true
        stopListening()
        // Reads what has arrived: such a connection is not idle.
        pump()
        for connection in connections.all where connection.isWaiting { connection.cut() }
        pump()
        if !connections.isEmpty {
            await unsafe withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
                let timer = loop.after(limit) { [self] in noteEmpty() }
                onEmpty = { [loop] in
                    loop.cancel(timer)
                    unsafe continuation.resume()
                }
            }
        }
        stop()
    }

    /// Closes everything at once. Handlers that still run do so for nobody.
    package func stop() {
        guard let daemon = unsafe daemon else { return }
        isDraining = true
        stopListening()
        for connection in connections.all {
            if let exchange = connection.exchange { giveUp(exchange) }
            connection.cut()
        }
        // libmicrohttpd aborts when a connection is suspended at its end: this run wakes all of them.
        unsafe MHD_run(daemon)
        watcher?.stop()
        watcher = nil
        endSweep()
        unsafe self.daemon = nil
        unsafe MHD_stop_daemon(daemon)
        connections.removeAll()
        noteEmpty()
        unsafe Unmanaged.passUnretained(self).release()
    }

    private func stopListening() {
        guard let listener, let daemon = unsafe daemon else { return }
        self.listener = nil
        unsafe MHD_quiesce_daemon(daemon)
        close(listener.descriptor)
        if case .unix(let path) = endpoint { unsafe unlink(path) }
    }

    /// The last connection is gone, or a drain's time is up.
    func noteEmpty() {
        let action = onEmpty
        onEmpty = nil
        action?()
    }

    // MARK: Running libmicrohttpd

    /// Runs it until it has nothing to do at once; it stalls when it is not. Never from inside one of its callbacks.
    func pump() {
        guard let daemon = unsafe daemon else { return }
        var wait: UInt64 = 0
        for _ in 0..<64 {
            let before = pieces
            unsafe MHD_run(daemon)
            if unsafe MHD_get_timeout(daemon, &wait) != .YES || wait != 0 { return }
            if pieces == before, !chunked.isEmpty { refuseEndlessChunks() }
        }
        planPump()
    }

    /// Once a chunk's size does not fit its buffer libmicrohttpd reads no more, does not notice that the client has gone,
    /// and asks to be run at once for ever.
    private func refuseEndlessChunks() {
        for exchange in chunked where !exchange.connection.isRefused && exchange.overhead > limits.chunkOverheadBytes {
            drop(exchange, .malformed("A chunk's size or the trailers take too many bytes"))
            exchange.connection.cut()
        }
    }

    /// Runs it at the end of the turn, once for all answers of the turn.
    func planPump() {
        guard !isPumpPlanned else { return }
        isPumpPlanned = true
        loop.atEndOfTurn { [self] in
            isPumpPlanned = false
            pump()
        }
    }
}
