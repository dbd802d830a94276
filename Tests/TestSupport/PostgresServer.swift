import Foundation
import Native
import Synchronization

/// A real Postgres 15 of the test process's own, on a free loopback port and a Unix socket in a private folder.
///
/// The folder and the server are gone when the process is, however it ends: a janitor, see `PostgresJanitor`.
package final class PostgresServer: Sendable {
    package let port: Int
    package let folder: String
    private var data: String { folder + "/data" }
    private static let common = Mutex<Task<PostgresServer, any Error>?>(nil)
    private static let databases = Atomic<Int>(0)

    /// Whether what it has committed is still there after `stop`.
    private let isDurable: Bool

    private init(folder: String, port: Int, isDurable: Bool) {
        self.folder = folder
        self.port = port
        self.isDurable = isDurable
    }

    /// The one that all suites share. Do not stop it; make a database of your own.
    package static func shared() async throws -> PostgresServer {
        let task = common.withLock { task in
            let started = task ?? Task.detached { try await launch() }
            task = started
            return started
        }
        return try await task.value
    }

    /// One that the caller may stop and kill.
    ///
    /// - Parameter isDurable: whether a commit waits until it would outlive the server's death, though not the machine's.
    package static func launch(isDurable: Bool = false) async throws -> PostgresServer {
        try await blocking {
            let template = try PostgresJanitor.template.get()
            let folder = try PostgresJanitor.makeFolder()
            try PostgresCommand.run("cp", ["-a", template, folder + "/data"])
            guard let port = TCPPort.anyFree() else { throw PostgresCommand.Failure(description: "no free port") }
            let server = PostgresServer(folder: folder, port: port, isDurable: isDurable)
            try server.startBlocking()
            return server
        }
    }

    /// Starts it again after `stop` or `kill`, on the same port with the same data. Returns when it accepts.
    package func start() async throws { try await Self.blocking { try self.startBlocking() } }

    /// Ends it as a crash would: no checkpoint, connections cut. Returns when it is gone.
    package func stop() async throws {
        try await Self.blocking {
            try PostgresCommand.run("pg_ctl", ["-D", self.data, "-m", "immediate", "-w", "stop"])
        }
    }

    /// SIGSTOP to the server and all its backends: connections stay, nothing answers.
    package func pause() throws { try signalAll(SIGSTOP) }

    package func resume() throws { try signalAll(SIGCONT) }

    package func url(_ database: String = "postgres") -> String {
        "postgres://postgres@127.0.0.1:\(port)/\(database)"
    }

    /// The same database through the Unix socket.
    package func socketURL(_ database: String = "postgres") -> String {
        "postgres:///\(database)?host=\(folder)&port=\(port)&user=postgres"
    }

    /// A new empty database. Returns its name.
    package func createDatabase() async throws -> String {
        let name = "test_\(Self.databases.add(1, ordering: .relaxed).newValue)"
        try await Self.blocking {
            try PostgresCommand.run(
                "psql", ["-h", self.folder, "-p", "\(self.port)", "-qc", "CREATE DATABASE \(name)", "postgres"])
        }
        return name
    }

    private func startBlocking() throws {
        let settings = [
            "-p \(port)", "-k \(folder)", "-c listen_addresses=127.0.0.1", "-c fsync=off",
            "-c synchronous_commit=\(isDurable ? "on" : "off")", "-c full_page_writes=off", "-c shared_buffers=32MB",
            "-c max_connections=400", "-c autovacuum=off",
        ]
        try PostgresCommand.run(
            "pg_ctl", ["-D", data, "-l", folder + "/log", "-w", "-o", settings.joined(separator: " "), "start"])
    }

    private func signalAll(_ signal: Int32) throws {
        let file = try String(contentsOfFile: data + "/postmaster.pid", encoding: .utf8)
        guard let pid = file.split(separator: "\n").first.flatMap({ Int32($0) }) else { return }
        let children = try String(contentsOfFile: "/proc/\(pid)/task/\(pid)/children", encoding: .utf8)
        for process in [pid] + children.split(separator: " ").compactMap({ Int32($0) }) {
            Foundation.kill(process, signal)
        }
    }

    /// On a thread of its own, so that neither the loop nor the pool of tasks waits.
    private static func blocking<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try work() }) }
        }
    }
}
