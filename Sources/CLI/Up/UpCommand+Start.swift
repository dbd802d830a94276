import Native
import Shared

extension UpCommand {
    /// Starts everything in order. Returns what to tell the user.
    func startAll() async throws -> String {
        try Folder.make(data.logs)
        let left = try await processes.endLeftovers(grace: .seconds(20))
        if !left.isEmpty { console.say("Ended what a run before left behind: \(left.joined(separator: ", "))") }

        let services = try plannedServices()
        try checkConfiguration(services)
        try await startRedis()
        try await startPostgres()
        try await startSimulator(services)
        try await console.during("Preparing the database") {
            _ = try await DatabaseSetup(url: services.databaseURL)
                .run(business: services.makesBusiness ? business : nil)
        }
        try await startServices(services)

        let run = RunFile(
            process: ProcessIdentity(of: ThisProgram.pid)!, api: "http://127.0.0.1:\(services.apiPort)",
            simulator: services.simulatorURL, business: business,
            secretFile: data.secret, redis: variables["REDIS_URL"] == nil ? services.redisURL : nil,
            database: variables["DATABASE_URL"] == nil ? services.databaseURL : nil)
        try run.write(to: data.runFile)
        return Summary(
            run: run, data: data, redis: variables["REDIS_URL"] == nil ? services.redisURL : "as REDIS_URL says",
            database: variables["DATABASE_URL"] == nil ? services.databaseURL : "as DATABASE_URL says",
            logs: partNames, isSecretKept: variables["INTERNAL_SECRET"] == nil
        ).text
    }

    private var variables: EnvironmentLookup { EnvironmentLookup(environment) }

    private var business: String { variables["DEFAULT_BUSINESS"] ?? ServiceEnvironment.business }

    // MARK: Plan

    /// What the services will be told, before anything runs.
    private func plannedServices() throws -> ServiceEnvironment {
        let apiPort = try ports.take(try apiPort(), for: "the API", variable: "API_PORT")
        let isSimulated = ServiceEnvironment.wantsSimulator(environment)
        return ServiceEnvironment(
            base: environment, redisURL: variables["REDIS_URL"] ?? sockets.redisURL,
            databaseURL: variables["DATABASE_URL"] ?? sockets.databaseURL, internalSecret: try internalSecret(),
            apiPort: apiPort, simulatorPort: isSimulated ? try ports.near(3300) : nil)
    }

    private func apiPort() throws(UpFailure) -> Int {
        guard let text = variables["API_PORT"] else { return 8080 }
        guard let port = Int(text), (1...65_535).contains(port) else {
            throw UpFailure("API_PORT=\(text) is not a port from 1 to 65535", status: ConfigurationFault.exitStatus)
        }
        return port
    }

    /// The one that is set, else the one that was made in the first run.
    private func internalSecret() throws -> String {
        if let secret = variables["INTERNAL_SECRET"] { return secret }
        if let kept = SmallFile.read(data.secret)?.split(whereSeparator: \.isNewline).first { return String(kept) }
        let secret = Hex.encode(randomBytes(32))
        try SmallFile.write(secret + "\n", to: data.secret, mode: 0o600)
        return secret
    }

    /// Faults are told here, all of them, and not in the log of the first part that finds one.
    private func checkConfiguration(_ services: ServiceEnvironment) throws {
        do throws(ConfigurationFault) {
            _ = try Configuration(
                environment: services.variables(metricsPort: nil), role: .worker, readFile: { SmallFile.read($0) })
        } catch {
            throw UpFailure("\(error)", status: ConfigurationFault.exitStatus)
        }
    }

    // MARK: Servers

    private func startRedis() async throws {
        if variables["REDIS_URL"] != nil { return console.say("Using the Redis of REDIS_URL") }
        guard let program = Programs(environment: environment).find("redis-server") else {
            throw UpFailure("redis-server was not found. Install it (apt install redis-server) or set REDIS_URL")
        }
        try Folder.makePrivate(data.redis)
        try makeSocketFolder()
        try Folder.makePrivate(sockets.redis)
        try await start(EmbeddedRedis(program: program, data: data, sockets: sockets).plan)
    }

    private func startPostgres() async throws {
        if variables["DATABASE_URL"] != nil { return console.say("Using the database of DATABASE_URL") }
        let version = EmbeddedPostgres.version(of: data)
        guard let programs = Programs(environment: environment).postgresFolder(version: version) else {
            throw UpFailure(
                version.map { "the data in \(data.postgres) need Postgres \($0), which was not found. Install it" }
                    ?? "Postgres was not found. Install it (apt install postgresql) or set DATABASE_URL")
        }
        let user = isRoot ? UserIdentity(named: "postgres") : nil
        if isRoot, user == nil { throw UpFailure("Postgres refuses to run as root, and there is no user `postgres`") }
        if user != nil, let closed = Folder.firstClosed(onTheWayTo: data.path) {
            throw UpFailure(
                "Postgres runs as the user `postgres`, who may not pass through \(closed). "
                    + "Choose another data folder: --data DIR")
        }
        try makeSocketFolder()
        try Folder.makePrivate(sockets.postgres, owner: user)
        let postgres = EmbeddedPostgres(
            programs: programs, data: data, sockets: sockets, user: user, environment: environment)
        if version == nil {
            try await console.during("Making a database in \(data.postgres)") { try await postgres.makeFiles() }
        }
        try await start(postgres.plan)
        try await postgres.makeDatabase()
    }

    /// Ours alone to write to: nobody may put something else in the place of what is in it, wherever it lies.
    private func makeSocketFolder() throws {
        try Folder.makePrivate(sockets.path, mode: isRoot ? 0o711 : 0o700)
    }

    // MARK: Our own programs

    private func startSimulator(_ services: ServiceEnvironment) async throws {
        guard let port = services.simulatorPort else { return }
        var variables = environment
        variables["INTERNAL_SECRET"] = services.internalSecret
        variables["TWILIO_AUTH_TOKEN"] = services.simulatedToken
        try await start(plans.simulator(port: port, environment: variables))
    }

    private func startServices(_ services: ServiceEnvironment) async throws {
        try await start(plans.api(services))
        for number in 1...options.workers {
            let port = try ports.near(number == 1 ? 9101 : 9102 + number)
            try await start(plans.worker(number: options.workers == 1 ? nil : number, services, metricsPort: port))
        }
        try await start(plans.scheduler(services, metricsPort: try ports.near(9102)))
    }

    private var plans: ServicePlans {
        let grace = variables["SHUTDOWN_GRACE_SECONDS"].flatMap { Int($0) } ?? 25
        return ServicePlans(programs: ThisProgram.folder, data: data, http: http, grace: .seconds(grace + 5))
    }
}
