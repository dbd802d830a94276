import Native
import Shared

/// `rejoinder sign`: sample requests of every sender, as lines for a shell.
@LoopActor struct SignCommand {
    let options: SignOptions

    /// A database that is not there in this time is done without.
    private static let patience: Duration = .seconds(2)

    nonisolated init(_ options: SignOptions) { self.options = options }

    /// Returns the status to exit with.
    func run(environment: [String: String]) async -> Int32 {
        do throws(OperateFailure) {
            let deployment = try Deployment.find(data: options.data, environment: environment)
            let configuration = Configuration.load(role: .tool, environment: deployment.variables)
            guard
                let base = options.url ?? configuration.api.publicURL
                    ?? deployment.api(configuration.api)
            else { throw OperateFailure("where is the API? Give --url URL, or set PUBLIC_URL or API_PORT") }
            let samples = SignedSamples(options, await keys(configuration), base: base)
            for (sender, variable) in samples.closed {
                say("\(sender.rawValue) is closed: \(variable) is not set")
            }
            samples.notes.forEach(say)
            StandardStream.output.write(samples.text)
            return samples.status
        } catch {
            say("\(error)")
            return error.status
        }
    }

    private func say(_ text: String) { StandardStream.error.write("rejoinder: \(text)\n") }

    /// Of the business that was asked for, else `DEFAULT_BUSINESS`, else the first there is.
    private func keys(_ configuration: Configuration) async -> SenderKeys {
        let named = options.business ?? configuration.api.defaultBusiness
        var pool = PostgresPool.Options()
        pool.connections = 1
        pool.applicationName = "rejoinder-cli"
        let postgres = PostgresPool(url: configuration.storage.databaseURL, options: pool)
        postgres.start()
        let found = await find(named, postgres)
        await postgres.close()
        let business = found?.id ?? named ?? ServiceEnvironment.business
        return SenderKeys(configuration, business: business, settings: found?.settings ?? BusinessSettings())
    }

    private func find(_ named: String?, _ postgres: PostgresPool) async -> (id: String, settings: BusinessSettings)? {
        do {
            try await postgres.waitUntilReady(within: Self.patience)
            let store = BusinessStore(pool: postgres)
            guard let named else { return try await store.settings(limit: 1).first }
            if let settings = try await store.settings(of: named) { return (named, settings) }
            say("there is no business “\(named)”: what is sent to it ends as a dead job")
        } catch {
            say("the database cannot be read, so that a business's own secrets are not used, only the environment's")
        }
        return nil
    }
}
