import Native
import Shared

/// `rejoinder migrate`: brings the schema of `DATABASE_URL` up to date.
@LoopActor struct MigrateCommand {
    nonisolated init() {}

    /// Returns the status to exit with.
    func run(environment: [String: String]) async -> Int32 {
        let configuration = Configuration.load(role: .tool, environment: environment)
        _ = configuration
        return 0
    }
}
