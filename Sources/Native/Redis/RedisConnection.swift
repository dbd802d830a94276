// glibc's socket types belong to whichever of these modules the compiler reads first.
internal import CHiredis
internal import CLibCurl
internal import CMicroHTTPD
internal import CUV
internal import Glibc

/// One socket to Redis: gathers a turn's commands and writes several at once, hands each reply to whoever waits for it.
///
/// hiredis formats nothing and calls nothing back here: it owns the socket, the output buffer and the parser, in a
/// `redisContext` that this object owns. The object lives until `cut`, which must be called, and which frees it.
@safe @LoopActor final class RedisConnection {
    /// Owned. Null once cut.
    private var context: UnsafeMutablePointer<redisContext>?
    private var watcher: SocketWatcher?
    private var waiters = RedisWaiters()
    private var isFlushQueued = false
    private var tick: TimerID?
    private var patience = RedisPatience()
    /// Whether anything was read since deadlines were checked.
    private var hasProgress = false

    private var connected: UnsafeContinuation<Result<Void, RedisError>, Never>?
    private var lost: UnsafeContinuation<String, Never>?
    /// Why the connection ended; nil while it has not.
    private(set) var end: String?

    /// Gets what arrives while no caller waits for a reply: the messages of a subscription.
    var onPush: ((RedisValue) -> Void)?

    /// So many commands do not wait for the turn's end. With 64 requests in a turn the server would do nothing while we
    /// read them, and we nothing while it runs their commands: a fifth less webhooks a second.
    static let mostGathered = 8

    /// How often deadlines are checked, and so how much later than asked a command may fail.
    static let resolution = Duration.milliseconds(100)

    private init(owning context: UnsafeMutablePointer<redisContext>) {
        unsafe self.context = context
        watcher = unsafe SocketWatcher(descriptor: context.pointee.fd) { self.socketIsReady($0) }
    }

    // MARK: Connecting

    /// - Parameter host: a literal address; a name would block the loop while it is resolved.
    static func open(host: String, port: Int, within limit: Duration) async throws(RedisError) -> RedisConnection {
        try await unsafe open(redisConnectNonBlock(host, Int32(port)), isTCP: true, within: limit)
    }

    static func open(path: String, within limit: Duration) async throws(RedisError) -> RedisConnection {
        try await unsafe open(redisConnectUnixNonBlock(path), isTCP: false, within: limit)
    }

    private static func open(
        _ made: UnsafeMutablePointer<redisContext>?, isTCP: Bool, within limit: Duration
    ) async throws(RedisError) -> RedisConnection {
        guard let context = unsafe made else { throw .unavailable("hiredis is out of memory") }
        guard unsafe context.pointee.err == 0 else {
            let reason = unsafe Self.failure(of: context)
            unsafe redisFree(context)
            throw .unavailable(reason)
        }
        if isTCP {
            // Not fatal when refused: both only make a bad moment shorter.
            unsafe redisEnableKeepAlive(context)
            var on: Int32 = 1
            unsafe setsockopt(
                context.pointee.fd, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        }
        let connection = unsafe RedisConnection(owning: context)
        try await connection.finishConnecting(within: limit)
        return connection
    }

    private func finishConnecting(within limit: Duration) async throws(RedisError) {
        let timer = LoopActor.loop.after(limit) { self.cut("no connection within \(limit)") }
        watcher?.wait(for: .writable)
        let result = await unsafe withUnsafeContinuation { unsafe connected = $0 }
        LoopActor.loop.cancel(timer)
        try result.get()
    }

    private func socketIsReady(_ events: SocketEvents) {
        if unsafe connected != nil {
            concludeConnecting()
            return
        }
        if events.contains(.writable) { flush() }
        if events.contains(.readable) { read() }
    }

    private func concludeConnecting() {
        guard let context = unsafe context, let connected = unsafe connected else { return }
        var status: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        unsafe getsockopt(context.pointee.fd, SOL_SOCKET, SO_ERROR, &status, &size)
        guard status == 0 else {
            cut(unsafe String(cString: strerror(status)))
            return
        }
        unsafe self.connected = nil
        watcher?.wait(for: .readable)
        unsafe connected.resume(returning: .success(()))
    }

    // MARK: Commands

    /// Sends and waits for the reply. Not cancellable: it ends within `limit`.
    ///
    /// A late reply ends the connection, because what comes after it could no longer be told apart.
    ///
    /// - Parameter atOnce: do not wait for the end of the turn, so that the server works while the turn goes on.
    @inline(__always)
    func send(
        _ command: RedisCommand, within limit: Duration, atOnce: Bool = false
    ) async throws(RedisError) -> RedisValue {
        let deadline = MonotonicInstant.now() + limit
        let result = await unsafe withUnsafeContinuation { (continuation: RedisWaiters.Continuation) in
            guard append(command) else {
                unsafe continuation.resume(returning: .failure(.unavailable(end ?? "out of memory")))
                return
            }
            waiters.append(unsafe .init(continuation: continuation, deadline: deadline))
            armTick()
            if atOnce || waiters.unwritten >= Self.mostGathered { flush() }
        }
        return try result.get()
    }

    /// Sends at the end of the turn; whatever comes back goes to `onPush`.
    func post(_ command: RedisCommand) { _ = append(command) }

    private func append(_ command: RedisCommand) -> Bool {
        guard let context = unsafe context else { return false }
        guard unsafe add(command.header, to: context), unsafe add(command.words.encoded, to: context) else {
            cut("hiredis is out of memory")
            return false
        }
        if !isFlushQueued {
            isFlushQueued = true
            LoopActor.loop.atEndOfTurn {
                self.isFlushQueued = false
                self.flush()
            }
        }
        return true
    }

    private func add(_ bytes: [UInt8], to context: UnsafeMutablePointer<redisContext>) -> Bool {
        unsafe bytes.withUnsafeBytes { buffer in
            let text = unsafe buffer.bindMemory(to: CChar.self).baseAddress
            return unsafe redisAppendFormattedCommand(context, text, buffer.count) == REDIS_OK
        }
    }

    // MARK: Input and output

    private func flush() {
        guard let context = unsafe context else { return }
        waiters.markWritten()
        var isDone: Int32 = 0
        guard unsafe redisBufferWrite(context, &isDone) == REDIS_OK else {
            unsafe cut(Self.failure(of: context))
            return
        }
        watcher?.wait(for: isDone == 1 ? .readable : [.readable, .writable])
    }

    private func read() {
        guard let context = unsafe context else { return }
        hasProgress = true
        guard unsafe redisBufferRead(context) == REDIS_OK else {
            unsafe cut(Self.failure(of: context))
            return
        }
        while let reply = nextReply() { deliver(reply) }
    }

    private func nextReply() -> RedisValue? {
        guard let context = unsafe context else { return nil }
        var reply: UnsafeMutableRawPointer?
        guard unsafe redisGetReplyFromReader(context, &reply) == REDIS_OK else {
            unsafe cut(Self.failure(of: context))
            return nil
        }
        guard let reply = unsafe reply else { return nil }
        defer { unsafe freeReplyObject(reply) }
        return unsafe RedisValue(copying: reply.assumingMemoryBound(to: redisReply.self))
    }

    private func deliver(_ reply: RedisValue) {
        guard let waiter = waiters.popFirst() else {
            if let onPush { onPush(reply) } else { cut("a reply that nobody asked for") }
            return
        }
        guard case .error(let text) = reply else {
            unsafe waiter.continuation.resume(returning: .success(reply))
            return
        }
        let error = RedisError(reply: text)
        unsafe waiter.continuation.resume(returning: .failure(error))
        if error.isFailover { cut("the server has become a read-only replica") }
    }

    // MARK: The end

    private func armTick() {
        guard tick == nil else { return }
        tick = LoopActor.loop.after(Self.resolution) {
            self.tick = nil
            self.checkDeadlines()
            if self.waiters.count > 0 { self.armTick() }
        }
    }

    private func checkDeadlines() {
        let isAnswering = hasProgress || hasInput
        hasProgress = false
        if patience.isOver(isLate: waiters.isOverdue(at: .now()), isAnswering: isAnswering) { cut("no reply in time") }
    }

    /// Whether bytes lie in the socket that were not read yet.
    private var hasInput: Bool {
        guard let context = unsafe context else { return false }
        var byte: UInt8 = 0
        return unsafe recv(context.pointee.fd, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT)) > 0
    }

    /// Returns why, when the connection has ended. One caller at a time.
    func untilLost() async -> String {
        if let end { return end }
        return await unsafe withUnsafeContinuation { unsafe lost = $0 }
    }

    /// Ends the connection, frees the socket and fails everyone who waits. Does nothing the second time.
    func cut(_ reason: String) {
        guard let context = unsafe context else { return }
        unsafe self.context = nil
        end = reason
        watcher?.stop()
        watcher = nil
        onPush = nil
        unsafe redisFree(context)
        if let tick { LoopActor.loop.cancel(tick) }

        let (written, unwritten) = waiters.takeAll()
        for waiter in written { unsafe waiter.continuation.resume(returning: .failure(.unknownOutcome(reason))) }
        for waiter in unwritten { unsafe waiter.continuation.resume(returning: .failure(.unavailable(reason))) }
        unsafe connected?.resume(returning: .failure(.unavailable(reason)))
        unsafe connected = nil
        unsafe lost?.resume(returning: reason)
        unsafe lost = nil
    }

    private static func failure(of context: UnsafeMutablePointer<redisContext>) -> String {
        unsafe withUnsafeBytes(of: &context.pointee.errstr) { buffer in
            unsafe String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
