import Native
import Shared

/// `rejoinder migrate`: brings the schema of `DATABASE_URL` up to date.
@LoopActor struct MigrateCommand {
    /// Made unless it is there. nil: none.
    let business: String?

    /// Returns the status to exit with.
    func run(environment: [String: String]) async -> Int32 {
        let configuration = Configuration.load(role: .tool, environment: environment)
        do {
            let applied = try await DatabaseSetup(url: configuration.storage.databaseURL).run(business: business)
            StandardStream.output.write(Self.report(applied))
            return 0
        } catch {
            StandardStream.error.write("rejoinder: the database was not migrated: \(error)\n")
            return 1
        }
    }

    nonisolated static func report(_ applied: [Migration]) -> String {
        if applied.isEmpty { return "The database is up to date.\n" }
        return applied.map { "Applied \($0.version) \($0.name)\n" }.joined()
    }
}
