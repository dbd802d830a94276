import FoundationEssentials
import Native
import Shared

/// The deployment that `sign` and `doctor` look at from outside: what its processes run with, and where its API is.
struct Deployment: Equatable {
    /// The environment of its processes, as far as it is known here.
    let variables: [String: String]
    /// URL of a running `rejoinder up`'s API; nil: `API_HOST` and `API_PORT` say where it is.
    let up: String?

    /// That of the environment; where it names no server, the `rejoinder up` that runs on this machine.
    ///
    /// - Parameter data: the folder of a `rejoinder up`, as given by `--data`.
    static func find(data: String?, environment: [String: String]) throws(OperateFailure) -> Deployment {
        let folder = DataFolder.choose(
            asked: data, environment: environment, isRoot: UserIdentity.current.isRoot,
            current: FileManager.default.currentDirectoryPath)
        let run = folder.flatMap { RunFile.ofRunning(at: $0.runFile) }
        let target = try SystemTarget(isAsked: data != nil, environment: environment, folder: folder, run: run)
        return Deployment(target, run, secret: run.flatMap { SmallFile.read($0.secretFile) })
    }

    /// - Parameter secret: what the `up` keeps as its `INTERNAL_SECRET`, with the end of its line.
    init(_ target: SystemTarget, _ run: RunFile?, secret: String?) {
        let known = target.variables
        guard let run,
            [("REDIS_URL", run.redis), ("DATABASE_URL", run.database)].allSatisfy({
                $0.1 == nil || $0.1 == known[$0.0]
            })
        else {
            variables = known
            up = nil
            return
        }
        let lookup = EnvironmentLookup(known)
        let kept = secret?.split(whereSeparator: \.isNewline).first.map(String.init)
        let services = ServiceEnvironment(
            base: known, redisURL: known["REDIS_URL"] ?? "", databaseURL: known["DATABASE_URL"] ?? "",
            internalSecret: lookup["INTERNAL_SECRET"] ?? kept ?? "", apiPort: Self.port(of: run.api),
            simulatorPort: run.simulator.map(Self.port))
        variables = services.variables(metricsPort: nil)
        up = run.api
    }

    /// - Throws: all that is wrong with the variables.
    func configuration() throws(ConfigurationFault) -> Configuration {
        try Configuration(environment: variables, role: .tool, readFile: { SmallFile.read($0) })
    }

    /// Where the API answers on this machine, without a slash at its end. nil: on a port of its own choice.
    func api(_ settings: APISettings) -> String? {
        if let up { return up }
        guard settings.port > 0 else { return nil }
        let host =
            switch settings.host {
            case "0.0.0.0": "127.0.0.1"
            case "::": "[::1]"
            case let host where host.contains(":"): "[\(host)]"
            case let host: host
            }
        return "http://\(host):\(settings.port)"
    }

    private static func port(of url: String) -> Int { url.split(separator: ":").last.flatMap { Int($0) } ?? 0 }
}
