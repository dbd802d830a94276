/// Keeps one connection to a server: connects, introduces itself, waits until it is lost, and begins again.
///
/// Lives until `stop`.
@LoopActor final class RedisLink {
    private let address: RedisAddress
    private let options: RedisClient.Options
    private var onUp: (RedisConnection) -> Void
    private var onDown: (String) -> Void
    private let loop = LoopActor.loop
    private var task: Task<Void, Never>?
    private var connection: RedisConnection?
    private var isStopped = false

    /// - Parameters:
    ///   - onUp: a connection is ready for commands.
    ///   - onDown: that connection was lost, or an attempt failed; with the reason. Called once more by `stop`.
    init(
        address: RedisAddress, options: RedisClient.Options, onUp: @escaping (RedisConnection) -> Void,
        onDown: @escaping (String) -> Void
    ) {
        self.address = address
        self.options = options
        self.onUp = onUp
        self.onDown = onDown
    }

    func start() {
        guard task == nil, !isStopped else { return }
        task = loop.spawn { await self.run() }
    }

    /// Ends the connection and its waiters at once. Cannot be started again.
    func stop() {
        guard !isStopped else { return }
        isStopped = true
        task?.cancel()
        connection?.cut("closed")
        onDown("closed")
        // They hold the one who holds this link.
        onUp = { _ in }
        onDown = { _ in }
        task = nil
    }

    private func run() async {
        var backoff = RedisBackoff(options.backoff)
        while !isStopped {
            let reason: String
            do throws(RedisError) {
                let connection = try await connect()
                let since = MonotonicInstant.now()
                onUp(connection)
                reason = await connection.untilLost()
                backoff.connectionLasted(.now() - since)
            } catch {
                reason = "\(address): \(error.reason)"
            }
            connection = nil
            if isStopped { return }
            onDown(reason)
            do { try await loop.sleep(for: backoff.next(random: options.randomUnit())) } catch { return }
        }
    }

    /// Tries the addresses of the host in turn; the error of the last one counts.
    private func connect() async throws(RedisError) -> RedisConnection {
        switch address.endpoint {
        case .unix(let path):
            return try await introduce(try await RedisConnection.open(path: path, within: options.connectTimeout))
        case .tcp(let name, let port):
            var failure = RedisError.unavailable("closed")
            for host in try await addresses(of: name) where !isStopped {
                do throws(RedisError) {
                    return try await introduce(
                        try await RedisConnection.open(host: host, port: port, within: options.connectTimeout))
                } catch { failure = error }
            }
            throw failure
        }
    }

    private func addresses(of name: String) async throws(RedisError) -> [String] {
        do throws(ResolveError) { return try await loop.resolve(name) } catch { throw .unavailable("\(error)") }
    }

    /// AUTH, SELECT, CLIENT SETNAME, and a PING, which a server that still loads its data refuses.
    private func introduce(_ connection: RedisConnection) async throws(RedisError) -> RedisConnection {
        self.connection = connection
        if isStopped { connection.cut("closed") }
        do throws(RedisError) {
            for command in introduction { _ = try await connection.send(command, within: options.connectTimeout) }
            try await setName(connection)
            return connection
        } catch {
            connection.cut(error.reason)
            throw error
        }
    }

    private var introduction: [RedisCommand] {
        var commands: [RedisCommand] = []
        if let password = address.password {
            commands.append(address.user.map { RedisCommand("AUTH", $0, password) } ?? RedisCommand("AUTH", password))
        }
        if address.database != 0 { commands.append(RedisCommand("SELECT", String(address.database))) }
        commands.append(RedisCommand("PING"))
        return commands
    }

    /// Some hosted servers forbid CLIENT. The name is for people only, so that is not an error.
    private func setName(_ connection: RedisConnection) async throws(RedisError) {
        guard !options.name.isEmpty else { return }
        do throws(RedisError) {
            _ = try await connection.send(
                RedisCommand("CLIENT", "SETNAME", options.name), within: options.connectTimeout)
        } catch .server {}
    }
}
