internal import CLibPQ

/// One `PGconn` and the watch over its socket. The only code that calls libpq on a connection.
///
/// Owns the handle and finishes it once: in `close`, or in `deinit` if nobody closed it. After `close` only `close`
/// and `isAlive` may be called.
@safe @LoopActor final class PostgresLink {
    /// What a connection that is being made waits for.
    enum Progress { case waits(SocketEvents), connected, failed(String) }

    private let handle: OpaquePointer
    private var isClosed = false
    private var watcher: SocketWatcher?

    /// Starts to connect. Go on with `proceed` when the socket is writable.
    ///
    /// - Parameter settings: by libpq's names; a host name must come with `hostaddr`, or this blocks to look it up.
    init(settings: [String: String]) throws(PostgresError) {
        let pairs = settings.sorted { $0.key < $1.key }
        let handle = unsafe PostgresStrings(pairs.map(\.key)).use { keys in
            unsafe PostgresStrings(pairs.map(\.value)).use { values in unsafe PQconnectStartParams(keys, values, 0) }
        }
        guard let handle = unsafe handle else { throw .unavailable("out of memory") }
        unsafe self.handle = handle
        // By default libpq prints the server's notices on stderr.
        _ = unsafe PQsetNoticeProcessor(handle, { _, _ in }, nil)
    }

    isolated deinit { close() }

    func close() {
        if isClosed { return }
        isClosed = true
        watcher?.stop()
        watcher = nil
        unsafe PQfinish(handle)
    }

    var isAlive: Bool { unsafe !isClosed && PQstatus(handle) == CONNECTION_OK }
    var hasFailed: Bool { unsafe PQstatus(handle) == CONNECTION_BAD }
    var errorMessage: String { unsafe String(cString: PQerrorMessage(handle)).firstLine }
    /// What the server's process is called in `pg_stat_activity`.
    var processID: Int { unsafe Int(PQbackendPID(handle)) }

    // MARK: Connecting

    /// Negative while there is none. May change with every `proceed`.
    var descriptor: Int32 { unsafe PQsocket(handle) }

    /// The next step of connecting. Nobody may watch the descriptor meanwhile: libpq may close it and open another.
    func proceed() -> Progress {
        switch unsafe PQconnectPoll(handle) {
        case PGRES_POLLING_READING: return .waits(.readable)
        case PGRES_POLLING_WRITING: return .waits(.writable)
        case PGRES_POLLING_OK:
            unsafe PQsetnonblocking(handle, 1)
            return .connected
        default: return .failed(errorMessage)
        }
    }

    // MARK: The socket of a connection that is made

    /// Calls `onReady` from now on, always when there is something to read, and after `awaitWritable` when there is
    /// room to write.
    func watch(onReady: @escaping (SocketEvents) -> Void) {
        watcher?.stop()
        watcher = SocketWatcher(descriptor: descriptor, onReady: onReady)
        watcher?.wait(for: .readable)
    }

    /// Takes in what has arrived. False when the connection broke; what came before that can still be read.
    func consumeInput() -> Bool { unsafe PQconsumeInput(handle) == 1 }

    /// Sends what was gathered, or asks the watcher to tell when the rest can be sent.
    /// False when the connection broke.
    func flush() -> Bool {
        let status = unsafe PQflush(handle)
        watcher?.wait(for: status == 1 ? [.readable, .writable] : .readable)
        return status >= 0
    }

    // MARK: Statements. Each returns false when libpq refuses; `errorMessage` says why.

    func enterPipeline() -> Bool { unsafe PQenterPipelineMode(handle) == 1 }

    /// Only while nothing is under way.
    func leavePipeline() -> Bool { unsafe PQexitPipelineMode(handle) == 1 }

    /// Ends a pipeline's implicit transaction; the server commits it, or has rolled it back.
    func sendSync() -> Bool { unsafe PQpipelineSync(handle) == 1 }

    /// Any number of statements in one text. Outside pipeline mode only.
    func sendScript(_ sql: String) -> Bool { unsafe PQsendQuery(handle, sql) == 1 }

    func sendStatement(_ sql: String) -> Bool {
        unsafe PQsendQueryParams(handle, sql, 0, nil, nil, nil, nil, 0) == 1
    }

    func sendPrepare(_ name: String, _ sql: String) -> Bool { unsafe PQsendPrepare(handle, name, sql, 0, nil) == 1 }

    func sendExecute(_ name: String, _ arguments: PostgresArguments) -> Bool {
        let count = arguments.starts.count
        return unsafe arguments.bytes.withUnsafeBytes { bytes in
            unsafe withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: count) { values in
                for (index, start) in arguments.starts.enumerated() {
                    let value = unsafe start < 0 ? nil : bytes.baseAddress! + start
                    unsafe values.initializeElement(at: index, to: value?.assumingMemoryBound(to: CChar.self))
                }
                return unsafe PQsendQueryPrepared(
                    handle, name, Int32(count), values.baseAddress, arguments.lengths, arguments.formats, 0) == 1
            }
        }
    }

    // MARK: Answers

    /// Whether `next` would have to wait for the server.
    var isBusy: Bool { unsafe PQisBusy(handle) == 1 }

    /// Nil: the present statement's answers are at their end, or nothing is under way.
    func next() -> PostgresResult? {
        guard let result = unsafe PQgetResult(handle) else { return nil }
        return unsafe PostgresResult(owning: result)
    }

    func nextNotification() -> (channel: String, payload: String)? {
        guard let notice = unsafe PQnotifies(handle) else { return nil }
        defer { unsafe PQfreemem(notice) }
        return unsafe (String(cString: notice.pointee.relname), String(cString: notice.pointee.extra))
    }
}
