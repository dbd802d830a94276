import FoundationEssentials
import Native
import Shared

/// `rejoinder up`: starts every part in order, keeps them running, and stops them in order.
@LoopActor final class UpCommand {
    private let options: UpOptions
    private let environment: [String: String]
    private let data: DataFolder
    private let sockets: SocketFolder
    private let console = Console()
    private let processes: StartedProcesses
    private let http = HTTPClient(keptConnections: 8)
    private let isRoot = UserIdentity.current.isRoot
    private var ports = Ports()
    /// In the order they were started.
    private var parts: [Part] = []
    /// Held as long as this runs.
    private var lock: FileLock?

    init(_ options: UpOptions, environment: [String: String]) throws(UpFailure) {
        let data = DataFolder.choose(
            asked: options.data, environment: environment, isRoot: UserIdentity.current.isRoot,
            current: FileManager.default.currentDirectoryPath)
        guard let data else { throw UpFailure("there is no HOME to keep data in; say where: --data DIR") }
        self.options = options
        self.environment = environment
        self.data = data
        sockets = SocketFolder(for: data, isRoot: UserIdentity.current.isRoot)
        processes = StartedProcesses(path: data.processes)
    }

    /// Returns the status to exit with, once everything has been stopped.
    func run(until shutdown: Shutdown) async -> Int32 {
        do {
            try claimFolder()
        } catch {
            StandardStream.error.write("rejoinder: \(error)\n")
            return 1
        }
        shutdown.atOnce = { self.killAll() }
        let starting = LoopActor.loop.spawn { try await self.startAll() }
        let interruption = LoopActor.loop.spawn {
            try await shutdown.wait()
            starting.cancel()
        }
        var status: Int32 = 0
        do {
            let summary = try await starting.value
            console.say(summary)
            // Never cancelled.
            try? await shutdown.wait()
        } catch  where shutdown.isRequested {
            // Told to stop while it was starting: that is no failure.
        } catch {
            tell(error)
            status = (error as? UpFailure)?.status ?? 1
        }
        interruption.cancel()
        await stopAll()
        return status
    }

    // MARK: Starting

    private func claimFolder() throws {
        try Folder.make(data.path)
        guard let lock = try FileLock(path: data.lock) else {
            let place = RunFile.ofRunning(at: data.runFile).map { " (process \($0.process.pid), \($0.api))" } ?? ""
            throw UpFailure(
                "another `rejoinder up` already runs on \(data.path)\(place). "
                    + "Stop it, or give this one a folder of its own: --data DIR")
        }
        self.lock = lock
    }

    /// Returns what to tell the user.
    private func startAll() async throws -> String {
        try Folder.make(data.logs)
        let left = try await processes.endLeftovers(grace: .seconds(20))
        if !left.isEmpty { console.say("Ended what a run before left behind: \(left.joined(separator: ", "))") }
        let apiPort = try ports.take(try apiPort(), for: "the API", variable: "API_PORT")

        let secret = try internalSecret()
        let redisURL = try await startRedis()
        let databaseURL = try await startPostgres()
        let simulator = try await startSimulator(apiPort: apiPort, secret: secret)
        let services = ServiceEnvironment(
            base: environment, redisURL: redisURL, databaseURL: databaseURL, internalSecret: secret, apiPort: apiPort,
            simulatorURL: simulator)
        try checkConfiguration(services)
        try await console.during("Preparing the database") {
            try await DatabaseSetup(url: databaseURL).run(
                business: simulator == nil ? nil : ServiceEnvironment.business)
        }
        try await startServices(services)

        let run = RunFile(
            process: ProcessIdentity(of: ThisProgram.pid)!, api: "http://127.0.0.1:\(apiPort)", simulator: simulator,
            business: set("DEFAULT_BUSINESS") ?? ServiceEnvironment.business,
            secretFile: data.secret)
        try run.write(to: data.runFile)
        return Summary(
            run: run, data: data, redis: mask(redisURL, given: "REDIS_URL"),
            database: mask(databaseURL, given: "DATABASE_URL"), logs: parts.map(\.plan.name),
            isSecretKept: set("INTERNAL_SECRET") == nil
        ).text
    }

    private func startRedis() async throws -> String {
        if let url = set("REDIS_URL") {
            console.say("Using the Redis of REDIS_URL")
            return url
        }
        guard let program = Programs(environment: environment).find("redis-server") else {
            throw UpFailure("redis-server was not found. Install it (apt install redis-server) or set REDIS_URL")
        }
        try Folder.makePrivate(data.redis)
        try Folder.makePrivate(sockets.path + "/redis")
        try await start(EmbeddedRedis(program: program, data: data, sockets: sockets).plan)
        return sockets.redisURL
    }

    private func startPostgres() async throws -> String {
        if let url = set("DATABASE_URL") {
            console.say("Using the database of DATABASE_URL")
            return url
        }
        let version = EmbeddedPostgres.version(of: data)
        guard let programs = Programs(environment: environment).postgresFolder(version: version) else {
            throw UpFailure(
                version.map { "the data in \(data.postgres) need Postgres \($0), which was not found. Install it" }
                    ?? "Postgres was not found. Install it (apt install postgresql) or set DATABASE_URL")
        }
        let user = isRoot ? UserIdentity(named: "postgres") : nil
        if isRoot, user == nil { throw UpFailure("Postgres refuses to run as root, and there is no user `postgres`") }
        try Folder.makePrivate(sockets.postgres, owner: user)
        let postgres = EmbeddedPostgres(
            programs: programs, data: data, sockets: sockets, user: user, environment: environment)
        if version == nil {
            try await console.during("Making a database in \(data.postgres)") { try await postgres.makeFiles() }
        }
        try await start(postgres.plan)
        try await postgres.makeDatabase()
        return sockets.databaseURL
    }

    /// Returns its URL, or nil when real providers are used.
    private func startSimulator(apiPort: Int, secret: String) async throws -> String? {
        guard ServiceEnvironment.wantsSimulator(environment) else { return nil }
        let port = try ports.near(3300)
        let url = "http://127.0.0.1:\(port)"
        var variables = environment
        variables["SIMULATOR_PORT"] = "\(port)"
        variables["INTERNAL_SECRET"] = secret
        variables["API_URL"] = "http://127.0.0.1:\(apiPort)"
        try await start(
            service("simulator", "Simulator", variables, ready: url + "/health/ready", grace: .seconds(5)))
        return url
    }

    private func startServices(_ services: ServiceEnvironment) async throws {
        let grace = graceOfServices() + .seconds(5)
        let api = "http://127.0.0.1:\(services.apiPort)/health/ready"
        try await start(
            service("api", "API", services.variables(metricsPort: nil), ready: api, grace: grace))
        for number in 1...options.workers {
            let port = try ports.near(number == 1 ? 9101 : 9102 + number)
            let suffix = options.workers == 1 ? "" : "-\(number)"
            try await start(
                service(
                    "worker" + suffix, "Worker" + (suffix.isEmpty ? "" : " \(number)"),
                    services.variables(metricsPort: port), executable: "rejoinder-worker",
                    ready: "http://127.0.0.1:\(port)/health/ready", grace: grace))
        }
        let port = try ports.near(9102)
        try await start(
            service(
                "scheduler", "Scheduler", services.variables(metricsPort: port),
                ready: "http://127.0.0.1:\(port)/health/ready", grace: grace))
    }

    private func service(
        _ name: String, _ title: String, _ variables: [String: String], executable: String? = nil, ready url: String,
        grace: Duration
    ) -> PartPlan {
        var command = ChildCommand(ThisProgram.folder + "/" + (executable ?? "rejoinder-" + name))
        command.environment = variables
        command.workingDirectory = data.path
        let probe = HTTPProbe(client: http)
        return PartPlan(
            name: name, title: title, command: command, stopSignal: .terminate, grace: grace, readyWithin: .seconds(60),
            notReady: { await probe.notReady(url) })
    }

    private func start(_ plan: PartPlan) async throws {
        let part = Part(
            plan, output: PartLog.output(plan.name, data, isVerbose: options.isVerbose, console), console: console
        ) { [processes] in processes.add(plan.name, $0, stopSignal: plan.stopSignal) }
        parts.append(part)
        try await console.during("Starting \(plan.title)") { try await part.start() }
    }

    // MARK: Stopping

    private func stopAll() async {
        if parts.isEmpty { return }
        console.say("Stopping")
        // What makes work stops first, then what does it needs its servers to the end.
        let isServer = { (part: Part) in ["redis", "postgres", "simulator"].contains(part.plan.name) }
        await withTaskGroup { group in
            for part in parts where !isServer(part) { group.addTask { await part.stop() } }
        }
        for part in parts.reversed() where isServer(part) { await part.stop() }
        processes.clear()
        try? FileManager.default.removeItem(atPath: data.runFile)
        console.say("Stopped. Data stay in \(data.path)")
    }

    private func killAll() {
        for part in parts { part.kill() }
    }

    private func tell(_ error: any Error) {
        StandardStream.error.write("\nrejoinder: \(error)\n")
        guard let part = parts.last else { return }
        let tail = PartLog.tail(part.plan.name, data)
        if !tail.isEmpty { StandardStream.error.write("The end of \(data.log(part.plan.name)):\n\(tail)\n") }
    }

    // MARK: Settings

    private func set(_ name: String) -> String? { EnvironmentLookup(environment)[name] }

    private func apiPort() throws(UpFailure) -> Int {
        guard let text = set("API_PORT") else { return 8080 }
        guard let port = Int(text), (1...65_535).contains(port) else {
            throw UpFailure("API_PORT=\(text) is not a port", status: ConfigurationFault.exitStatus)
        }
        return port
    }

    private func graceOfServices() -> Duration { .seconds(set("SHUTDOWN_GRACE_SECONDS").flatMap { Int($0) } ?? 25) }

    /// The one that is set, else the one that was made in the first run.
    private func internalSecret() throws -> String {
        if let secret = set("INTERNAL_SECRET") { return secret }
        if let kept = SmallFile.read(data.secret)?.split(separator: "\n").first { return String(kept) }
        let secret = Hex.encode(randomBytes(32))
        try SmallFile.write(secret + "\n", to: data.secret, mode: 0o600)
        return secret
    }

    private func checkConfiguration(_ services: ServiceEnvironment) throws {
        do throws(ConfigurationFault) {
            _ = try Configuration(
                environment: services.variables(metricsPort: nil), role: .worker, readFile: { SmallFile.read($0) })
        } catch {
            throw UpFailure("\(error)", status: ConfigurationFault.exitStatus)
        }
    }

    /// A URL of the user's may hold a password.
    private func mask(_ url: String, given name: String) -> String { set(name) == nil ? url : "as \(name) says" }
}
