internal import CMicroHTTPD
internal import Glibc

/// Where libmicrohttpd calls in. All of it happens inside `MHD_run` or `MHD_stop_daemon`, on the loop.
extension HTTPServer {
    /// - Parameter context: the server, which must live until `MHD_stop_daemon`.
    func startDaemon(_ listener: ListeningSocket, context: UnsafeMutableRawPointer) -> OpaquePointer? {
        // Some more than are served, so that there is a connection to say 503 on.
        let spare = max(16, limits.connections / 8)
        var settings = unsafe cmhd_settings(
            listen_socket: listener.descriptor,
            connection_limit: UInt32(clamping: limits.connections + spare),
            // Longer than our own limit: theirs is only for a client that takes nothing of its answer.
            idle_seconds: UInt32(clamping: limits.idleTime.wholeNanoseconds / 1_000_000_000 + 1),
            // The headers, and what libmicrohttpd notes of each. It is cleared after each request, one and a half times, so
            // more would cost time.
            memory_per_connection: max(limits.headerBytes + limits.headerBytes / 4, 4096),
            on_request: onRequest, on_request_line: onRequestLine, unescape: keepEscapes,
            on_completed: onCompleted, on_connection: onConnection)
        return unsafe cmhd_start(&settings, context)
    }

    fileprivate func connectionStarted(_ descriptor: Int32) -> HTTPConnection {
        let connection = HTTPConnection(descriptor: descriptor)
        connections.insert(connection)
        connectionsAccepted += 1
        if connections.count > limits.connections { makeRoom(for: connection) }
        planSweep()
        return connection
    }

    /// Whoever holds connections without using them must not keep others out.
    private func makeRoom(for newcomer: HTTPConnection) {
        var random = SystemRandomNumberGenerator()
        let overloaded = HTTPRefusal.overloaded(retryAfterSeconds: limits.retryAfterSeconds)
        guard let expendable = connections.expendable(besides: newcomer, using: &random) else {
            newcomer.refuse(overloaded)
            return
        }
        if expendable.isReceiving { expendable.refuse(overloaded) }
        expendable.cut()
    }

    fileprivate func connectionClosed(_ connection: HTTPConnection) {
        forget(connection.exchange)
        connection.exchange = nil
        connections.remove(connection)
        if connections.isEmpty { noteEmpty() }
    }

    fileprivate func requestCompleted(_ connection: HTTPConnection) {
        forget(connection.exchange)
        connection.exchange = nil
        if !connection.isRefused { connection.enter(.waiting(isFirst: false)) }
        if isDraining { connection.cut() }
    }
}

@LoopActor private func server(_ context: UnsafeMutableRawPointer?) -> HTTPServer {
    unsafe Unmanaged<HTTPServer>.fromOpaque(context!).takeUnretainedValue()
}

/// The server's dictionary owns it.
@LoopActor private func connection(_ context: UnsafeMutableRawPointer) -> HTTPConnection {
    unsafe Unmanaged<HTTPConnection>.fromOpaque(context).takeUnretainedValue()
}

@LoopActor private let onConnection: MHD_NotifyConnectionCallback = { context, handle, socketContext, event in
    let server = unsafe server(context)
    if event == .CONNECTION_NOTIFY_STARTED {
        let connection = server.connectionStarted(unsafe cmhd_descriptor(handle!))
        unsafe socketContext!.pointee = Unmanaged.passUnretained(connection).toOpaque()
    } else if let started = unsafe socketContext?.pointee {
        server.connectionClosed(unsafe connection(started))
    }
}

/// Called as soon as the request line was read. What it returns is the `state` of the other callbacks.
@LoopActor private let onRequestLine:
    @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<CChar>?, OpaquePointer?) -> UnsafeMutableRawPointer? = {
        _, uri, handle in
        guard let handle = unsafe handle, let uri = unsafe uri, let started = unsafe cmhd_socket_context(handle)
        else { return nil }
        let connection = unsafe connection(started)
        let target = unsafe UnsafeRawBufferPointer(start: uri, count: strlen(uri)).withMemoryRebound(to: UInt8.self) {
            unsafe HTTPRequestTarget($0)
        }
        let exchange = unsafe HTTPExchange(target: target, connection: connection, handle: handle)
        // The time of the first request counts from its connection, that of the others from here.
        if case .waiting(let isFirst) = connection.phase { connection.beginReceiving(keepsTime: isFirst) }
        connection.exchange = exchange
        return unsafe Unmanaged.passUnretained(exchange).toOpaque()
    }

@LoopActor private let onRequest: MHD_AccessHandlerCallback = {
    context, handle, url, method, version, data, size, state in
    guard let state = unsafe state?.pointee else { return .NO }
    let exchange = unsafe Unmanaged<HTTPExchange>.fromOpaque(state).takeUnretainedValue()
    let data = unsafe UnsafeRawBufferPointer(start: data, count: size!.pointee)
    unsafe size!.pointee = 0
    return unsafe server(context).advance(exchange, method: method!, version: version!, data: data)
}

/// The answer was sent, or will not be.
@LoopActor private let onCompleted: MHD_RequestCompletedCallback = { context, handle, _, _ in
    guard let started = unsafe cmhd_socket_context(handle!) else { return }
    unsafe server(context).requestCompleted(connection(started))
}

/// Paths and queries are handed on as they came.
@LoopActor private let keepEscapes:
    @convention(c) (UnsafeMutableRawPointer?, OpaquePointer?, UnsafeMutablePointer<CChar>?) -> Int = { _, _, text in
        unsafe strlen(text!)
    }
