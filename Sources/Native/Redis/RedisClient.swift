/// Commands and scripts over one connection that is renewed by itself.
///
/// While there is no connection every call fails at once with `.unavailable`: nothing is kept for later. Commands of
/// one turn are written together. Runs until `close`.
@LoopActor package final class RedisClient {
    package struct Options: Sendable {
        /// Bounds each step of connecting: the socket, and each command of the introduction.
        package var connectTimeout = Duration.seconds(2)
        /// How long a reply may take, unless the call says otherwise. A late one ends the connection and with it
        /// everyone else's call, so this is a limit for a broken server and not for a slow command.
        package var commandTimeout = Duration.milliseconds(500)
        /// The longest wait before the first new attempt, doubling to the longest of all; each shortened at random.
        package var backoff = Duration.milliseconds(50)...Duration.seconds(2)
        /// What CLIENT LIST shows. No spaces. Empty: none.
        package var name = "rejoinder"
        /// Between two PINGs of a subscriber; one unanswered ends its connection.
        package var pingInterval = Duration.seconds(5)
        /// 0..<1.
        package var randomUnit: @Sendable () -> Double = { .random(in: 0..<1) }

        package init() {}
    }

    package enum State: Equatable, Sendable {
        case ready
        case down(reason: String)
    }

    @safe private struct ReadyWaiter {
        let continuation: UnsafeContinuation<Bool, Never>
    }

    private let options: Options
    private let onStateChange: (State) -> Void
    private var connection: RedisConnection?
    private var reason = "not started"
    private var isClosed = false
    private var readyWaiters: [Int: ReadyWaiter] = [:]
    private var lastReadyWaiter = 0
    private lazy var link = makeLink()
    private let address: RedisAddress

    /// - Parameter onStateChange: called for each connection that became ready, each one lost and each failed
    ///   attempt to have one.
    package init(
        address: RedisAddress, options: Options = Options(),
        onStateChange: @escaping @LoopActor (State) -> Void = { _ in }
    ) {
        self.address = address
        self.options = options
        self.onStateChange = onStateChange
    }

    private func makeLink() -> RedisLink {
        RedisLink(
            address: address, options: options,
            onUp: { [weak self] in self?.isUp($0) },
            onDown: { [weak self] in self?.isDown($0) })
    }

    /// Begins to connect. Does not wait for it.
    package func start() {
        reason = "still connecting"
        link.start()
    }

    /// Ends the connection; calls under way fail. The client cannot be used again.
    package func close() {
        isClosed = true
        link.stop()
    }

    package var isReady: Bool { connection != nil }

    /// - Throws: `.unavailable` with the reason of the last failed attempt.
    package func waitUntilReady(within limit: Duration) async throws(RedisError) {
        if isReady { return }
        if !isClosed {
            lastReadyWaiter += 1
            let id = lastReadyWaiter
            let timer = LoopActor.loop.after(limit) { self.endReadyWaiter(id, isReady: false) }
            let isReady = await unsafe withUnsafeContinuation {
                readyWaiters[id] = unsafe ReadyWaiter(continuation: $0)
            }
            LoopActor.loop.cancel(timer)
            if isReady { return }
        }
        throw .unavailable(reason)
    }

    /// - Parameters:
    ///   - limit: the reply's time limit. nil: `commandTimeout`.
    ///   - atOnce: written now and not at the end of the turn, with all that was sent before it: for a long command
    ///     that the server may begin while the turn goes on. Costs a write of its own.
    package func send(
        _ command: RedisCommand, within limit: Duration? = nil, atOnce: Bool = false
    ) async throws(RedisError) -> RedisValue {
        guard let connection else { throw .unavailable(reason) }
        return try await connection.send(command, within: limit ?? options.commandTimeout, atOnce: atOnce)
    }

    /// Runs a script by its hash, and sends its text only when the server does not know it.
    package func run(
        _ script: RedisScript, keys: [String], arguments: RedisArguments, within limit: Duration? = nil,
        atOnce: Bool = false
    ) async throws(RedisError) -> RedisValue {
        do throws(RedisError) {
            guard let connection else { throw .unavailable(reason) }
            return try await connection.send(
                script.command(loaded: true, keys: keys, arguments: arguments),
                within: limit ?? options.commandTimeout, atOnce: atOnce)
        } catch .server(let reply) where reply.hasPrefix("NOSCRIPT") {
            return try await send(script.command(loaded: false, keys: keys, arguments: arguments), within: limit)
        }
    }

    private func isUp(_ connection: RedisConnection) {
        self.connection = connection
        for id in readyWaiters.keys { endReadyWaiter(id, isReady: true) }
        onStateChange(.ready)
    }

    private func isDown(_ reason: String) {
        connection = nil
        self.reason = reason
        if isClosed { for id in readyWaiters.keys { endReadyWaiter(id, isReady: false) } }
        onStateChange(.down(reason: reason))
    }

    private func endReadyWaiter(_ id: Int, isReady: Bool) {
        unsafe readyWaiters.removeValue(forKey: id)?.continuation.resume(returning: isReady)
    }
}
