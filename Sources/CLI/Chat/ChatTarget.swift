import FoundationEssentials
import Native

/// Where `chat` sends to and listens.
struct ChatTarget: Equatable {
    let api: String
    let simulator: String
    let business: String
    let secret: String

    /// What the options and the environment say; the rest from the `up` that runs on the data folder.
    static func find(_ options: ChatOptions, environment: [String: String]) throws(ChatFailure) -> ChatTarget {
        let folder = DataFolder.choose(
            asked: options.data, environment: environment, isRoot: UserIdentity.current.isRoot,
            current: FileManager.default.currentDirectoryPath)
        return try ChatTarget(
            options, environment: EnvironmentLookup(environment), folder: folder,
            run: folder.flatMap { RunFile.ofRunning(at: $0.runFile) }, readFile: { SmallFile.read($0) })
    }

    init(
        _ options: ChatOptions, environment: EnvironmentLookup, folder: DataFolder?, run: RunFile?,
        readFile: (String) -> String?
    ) throws(ChatFailure) {
        guard let api = options.api ?? run?.api else {
            throw ChatFailure(
                "no `rejoinder up` runs on \(folder?.path ?? "any folder known here"). Start one, name its folder with "
                    + "--data DIR, or give --api and --simulator")
        }
        guard let simulator = options.simulator ?? run?.simulator else {
            throw ChatFailure(
                "replies are shown by the simulator, and none is known"
                    + (run == nil ? "; give --simulator URL" : ": this `rejoinder up` sends through real providers"))
        }
        let kept = run.flatMap { readFile($0.secretFile) }?.split(whereSeparator: \.isNewline).first
        guard let secret = environment["INTERNAL_SECRET"] ?? kept.map(String.init) else {
            throw ChatFailure("the API wants a secret: set INTERNAL_SECRET to the one it runs with")
        }
        self.api = api
        self.simulator = simulator
        self.secret = secret
        business = options.business ?? run?.business ?? ServiceEnvironment.business
    }
}
