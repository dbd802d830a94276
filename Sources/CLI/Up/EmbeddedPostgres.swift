import FoundationEssentials
import Native

/// A private Postgres: on a Unix socket only, in a folder that nobody else may enter, hence without passwords.
struct EmbeddedPostgres {
    /// Where `postgres`, `initdb`, `createdb` and `pg_isready` are.
    let programs: String
    let data: DataFolder
    let sockets: SocketFolder
    /// Postgres refuses to run as root. nil: as ourselves.
    let user: UserIdentity?
    /// For the tools' messages: in English, so that they can be read.
    let environment: [String: String]

    init(programs: String, data: DataFolder, sockets: SocketFolder, user: UserIdentity?, environment: [String: String])
    {
        self.programs = programs
        self.data = data
        self.sockets = sockets
        self.user = user
        var environment = environment.filter { !$0.key.hasPrefix("PG") && !$0.key.hasPrefix("LC_") }
        environment["LC_ALL"] = "C.UTF-8"
        self.environment = environment
    }

    @LoopActor var plan: PartPlan {
        PartPlan(
            isServer: true, name: "postgres", title: "Postgres", command: tool("postgres", serverArguments),
            stopSignal: .interrupt,
            grace: .seconds(30), readyWithin: .seconds(120), notReady: { await notReady() })
    }

    var serverArguments: [String] {
        [
            "-D", data.postgres, "-k", sockets.postgres, "-c", "listen_addresses=", "-c",
            "unix_socket_permissions=0700",
            "-c", "fsync=on", "-c", "logging_collector=off", "-c", "timezone=UTC", "-c", "cluster_name=rejoinder",
        ]
    }

    var initArguments: [String] {
        [
            "-D", data.unfinishedPostgres, "-U", "rejoinder", "-E", "UTF8", "--locale=C.UTF-8", "--auth-local=trust",
            "--auth-host=reject",
        ]
    }

    /// The major version that made the data; nil when there are none yet.
    static func version(of data: DataFolder) -> String? {
        SmallFile.read(data.postgres + "/PG_VERSION").map { String($0.prefix { !$0.isWhitespace }) }
    }

    /// Makes the database's files, the first time. They get their name when they are whole, so a run that was cut off leaves
    /// nothing that looks like data.
    @LoopActor func makeFiles() async throws {
        // Nothing to remove is the rule; what cannot be removed is told by the next step.
        try? FileManager.default.removeItem(atPath: data.unfinishedPostgres)
        try Folder.makePrivate(data.unfinishedPostgres, owner: user)
        try await run("initdb", initArguments)
        try Folder.rename(data.unfinishedPostgres, to: data.postgres)
    }

    /// Makes the database in a server that runs, unless it is there.
    @LoopActor func makeDatabase() async throws {
        let pool = PostgresPool(url: sockets.maintenanceURL)
        pool.start()
        let isThere: Bool
        do {
            try await pool.waitUntilReady(within: .seconds(30))
            isThere = try await !pool.query("SELECT 1 FROM pg_database WHERE datname = 'rejoinder'").isEmpty
        } catch {
            await pool.close()
            throw error
        }
        await pool.close()
        if isThere { return }
        try await run(
            "createdb", ["-h", sockets.postgres, "-U", "rejoinder", "--maintenance-db=postgres", "rejoinder"])
    }

    @LoopActor private func notReady() async -> String? {
        var command = tool(
            "pg_isready", ["-q", "-h", sockets.postgres, "-U", "rejoinder", "-d", "postgres", "-t", "2"])
        command.output = .null
        command.errors = .null
        do {
            let exit = try await ChildProcess(command).exit
            return exit.isSuccess ? nil : "it takes no connections yet"
        } catch {
            return "\(error)"
        }
    }

    /// Runs one of Postgres's tools to its end.
    @LoopActor private func run(_ name: String, _ arguments: [String]) async throws {
        let said = Said()
        var command = tool(name, arguments)
        command.output = .null
        command.errors = .lines { said.lines.append($0) }
        let child = try ChildProcess(ParentTie(signal: .kill).tie(command))
        let exit: ChildExit
        do {
            exit = try await child.exit
        } catch {
            child.terminateGroup(.kill)
            throw error
        }
        if !exit.isSuccess {
            throw UpFailure("\(name) ended with \(exit):\n" + said.lines.map { "    " + $0 }.joined(separator: "\n"))
        }
    }

    private func tool(_ name: String, _ arguments: [String]) -> ChildCommand {
        var command = ChildCommand(programs + "/" + name, arguments)
        command.environment = environment
        command.workingDirectory = sockets.postgres
        command.user = user
        return command
    }

    @LoopActor private final class Said {
        var lines: [String] = []
    }
}
