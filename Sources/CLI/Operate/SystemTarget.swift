import FoundationEssentials
import Native
import Shared

/// The system that an operator's command works on.
struct SystemTarget: Equatable {
    /// The environment, with the Redis and the Postgres of that system.
    let variables: [String: String]

    /// - Parameter data: the folder of a `rejoinder up`, as given by `--data`.
    static func find(data: String?, environment: [String: String]) throws(OperateFailure) -> SystemTarget {
        let folder = DataFolder.choose(
            asked: data, environment: environment, isRoot: UserIdentity.current.isRoot,
            current: FileManager.default.currentDirectoryPath)
        return try SystemTarget(
            isAsked: data != nil, environment: environment, folder: folder,
            run: folder.flatMap { RunFile.ofRunning(at: $0.runFile) })
    }

    /// A folder that was asked for decides. Else the environment does, where it names a server that the `up` which runs
    /// here does not use too; else that `up`.
    init(isAsked: Bool, environment: [String: String], folder: DataFolder?, run: RunFile?) throws(OperateFailure) {
        let lookup = EnvironmentLookup(environment)
        guard let run else {
            if isAsked { throw OperateFailure("no `rejoinder up` runs on \(folder?.path ?? "that folder")") }
            variables = environment
            return
        }
        let servers = [("REDIS_URL", run.redis), ("DATABASE_URL", run.database)]
        let isElsewhere = servers.contains { lookup[$0.0] != nil && $0.1 != nil }
        if isElsewhere, !isAsked {
            variables = environment
            return
        }
        var variables = environment
        for (name, url) in servers {
            if let url {
                variables[name] = url
                variables[name + "_FILE"] = nil
            } else if lookup[name] == nil {
                throw OperateFailure(
                    "the `rejoinder up` on \(folder?.path ?? "this machine") runs with a \(name) of its own: set it here too"
                )
            }
        }
        self.variables = variables
    }

    /// A wrong value ends the process with status 78.
    var configuration: Configuration { Configuration.load(role: .tool, environment: variables) }
}
