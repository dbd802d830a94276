import Foundation
import Glibc
import Native

/// A real `redis-server` of one test: its own folder, a Unix socket in it, and a free TCP port.
///
/// Dies with the test process, whatever happens to that. `with` leaves nothing behind.
@LoopActor package final class RedisServer {
    package struct Options: Sendable {
        package var appendOnly = false
        package var password: String?
        /// As in redis.conf: "8mb". nil: no limit.
        package var maxMemory: String?
        package var maxMemoryPolicy = "noeviction"
        /// A cluster of this one node, which has all slots.
        package var isCluster = false
        /// More words of the command line.
        package var more: [String] = []

        package init() {}
    }

    package struct StartFailed: Error { package let log: String }

    package let options: Options
    package let port: Int
    private let directory: String
    private var process: pid_t = 0

    private init(options: Options) throws {
        self.options = options
        guard let port = TCPPort.anyFree() else { throw POSIXError(.EADDRINUSE) }
        self.port = port
        directory = try Self.makeDirectory()
    }

    /// Starts a server, lends it to `body`, and removes every trace of it.
    package static func with<T>(
        _ options: Options = Options(), _ body: @LoopActor (RedisServer) async throws -> T
    ) async throws -> T {
        let server = try await started(options)
        defer { server.remove() }
        return try await body(server)
    }

    /// A port that was free may be somebody else's by the time the server wants it: then it gets another one.
    private static func started(_ options: Options) async throws -> RedisServer {
        var attempt = 1
        while true {
            let server = try RedisServer(options: options)
            do {
                try await server.start()
                return server
            } catch {
                server.remove()
                let isTaken = (error as? StartFailed)?.log.contains("Address already in use") == true
                guard isTaken, attempt < 5 else { throw error }
                attempt += 1
            }
        }
    }

    /// `with` that also lends a client that is ready.
    package static func withClient<T>(
        _ options: Options = Options(), _ body: @LoopActor (RedisServer, RedisClient) async throws -> T
    ) async throws -> T {
        try await with(options) { server in
            let client = try await server.client()
            defer { client.close() }
            return try await body(server, client)
        }
    }

    // MARK: How to reach it

    package var address: RedisAddress {
        RedisAddress(endpoint: .unix(path: directory + "/redis.sock"), password: options.password)
    }

    package var tcpAddress: RedisAddress {
        RedisAddress(endpoint: .tcp(host: "127.0.0.1", port: port), password: options.password)
    }

    /// Options that find a restarted server within milliseconds.
    package static var eagerOptions: RedisClient.Options {
        var options = RedisClient.Options()
        options.backoff = .milliseconds(2)...(.milliseconds(20))
        // A test must not fail because the machine is busy; tests of deadlines set their own.
        options.commandTimeout = .seconds(10)
        return options
    }

    /// A client that is ready. The caller closes it.
    package func client(
        _ options: RedisClient.Options = RedisServer.eagerOptions, address: RedisAddress? = nil
    ) async throws -> RedisClient {
        let client = RedisClient(address: address ?? self.address, options: options)
        client.start()
        try await client.waitUntilReady(within: .seconds(20))
        return client
    }

    // MARK: Its life

    /// Returns when it answers. On the data of the last run, if there are any.
    package func start() async throws {
        precondition(process == 0, "already running")
        process = try spawn()
        do {
            let client = try await client()
            defer { client.close() }
            if options.isCluster { try await makeCluster(client) }
        } catch {
            kill()
            throw StartFailed(log: (try? String(contentsOfFile: directory + "/log", encoding: .utf8)) ?? "\(error)")
        }
    }

    private func makeCluster(_ client: RedisClient) async throws {
        // Refused after a restart, which finds the slots in the node's file.
        _ = try? await client.send(RedisCommand("CLUSTER", "ADDSLOTSRANGE", "0", "16383"))
        while try await client.send(RedisCommand("CLUSTER", "INFO")).text?.contains("cluster_state:ok") != true {
            try await LoopActor.loop.sleep(for: .milliseconds(10))
        }
    }

    /// SIGTERM: it writes what it has to write and leaves.
    package func stop() { end(SIGTERM) }

    /// SIGKILL.
    package func kill() { end(SIGKILL) }

    /// SIGSTOP: connections stay open and nothing is answered.
    package func pause() { _ = Glibc.kill(process, SIGSTOP) }

    /// SIGCONT.
    package func resume() { _ = Glibc.kill(process, SIGCONT) }

    package func restart() async throws {
        stop()
        try await start()
    }

    private func end(_ signal: Int32) {
        guard process != 0 else { return }
        _ = Glibc.kill(process, signal)
        if signal != SIGKILL { resume() }
        var status: Int32 = 0
        unsafe waitpid(process, &status, 0)
        process = 0
    }

    private func remove() {
        kill()
        try? FileManager.default.removeItem(atPath: directory)
    }

    private func spawn() throws -> pid_t {
        var words = [
            "setpriv", "--pdeathsig", "KILL", "redis-server", "--port", "\(port)", "--bind", "127.0.0.1",
            "--unixsocket", directory + "/redis.sock", "--dir", directory, "--logfile", directory + "/log",
            "--save", "", "--appendonly", options.appendOnly ? "yes" : "no",
            "--maxmemory-policy", options.maxMemoryPolicy,
        ]
        if options.isCluster { words += ["--cluster-enabled", "yes"] }
        if let password = options.password { words += ["--requirepass", password] }
        if let maxMemory = options.maxMemory { words += ["--maxmemory", maxMemory] }
        words += options.more
        var arguments: [UnsafeMutablePointer<CChar>?] = unsafe words.map { unsafe strdup($0) } + [nil]
        defer { unsafe arguments.forEach { unsafe free($0) } }
        var process: pid_t = 0
        // The test's thread blocks signals, and a child inherits that: it would never see a SIGTERM.
        var attributes = posix_spawnattr_t(), none = sigset_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe _ = posix_spawnattr_destroy(&attributes) }
        unsafe sigemptyset(&none)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        let status = unsafe posix_spawnp(&process, "setpriv", nil, &attributes, &arguments, environ)
        guard status == 0 else { throw POSIXError(POSIXErrorCode(rawValue: status) ?? .EIO) }
        return process
    }

    // MARK: Its place

    private static func makeDirectory() throws -> String {
        var template = Array((NSTemporaryDirectory() + "/rejoinder-redis-XXXXXX").utf8CString)
        guard unsafe mkdtemp(&template) != nil else { throw POSIXError(.EIO) }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
