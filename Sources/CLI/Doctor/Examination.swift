import Native
import Shared

/// One look at a deployment: asks its servers, and remembers what later checks go by. Close it at its end.
@LoopActor final class Examination {
    struct Check {
        /// What is looked at, for whoever waits.
        let title: String
        /// Its name in a finding, when it takes too long.
        let name: String
        let run: @LoopActor @Sendable (Examination) async -> [Finding]
    }

    let configuration: Configuration
    let servers: Servers
    let web = Web()
    /// Where the API is on this machine, as far as it is known.
    let local: String?

    // What earlier checks found.
    /// Processes that Redis knows; nil: Redis does not answer.
    var processes: [(id: String, role: String)]?
    /// nil: the database does not answer.
    var businesses: [Business]?
    /// Whether the API on this machine, and that behind the outside URL, is surely one of this deployment.
    var isLocalOurs = false
    var isPublicOurs = false

    /// A check that takes longer is given up.
    private static let limit: Duration = .seconds(30)
    /// How many businesses are looked at one by one.
    static let mostBusinesses = 5

    init(_ deployment: Deployment, _ configuration: Configuration) throws(ConfigurationFault) {
        self.configuration = configuration
        local = deployment.api(configuration.api)
        do throws(OperateFailure) { servers = try Servers(configuration) } catch {
            throw ConfigurationFault(problems: [error.description])
        }
    }

    func close() async {
        web.close()
        await servers.close()
    }

    /// In the order in which they build on each other.
    let checks: [Check] = [
        Check(title: "Redis", name: "redis") { await $0.redis() },
        Check(title: "Postgres", name: "postgres") { await $0.postgres() },
        Check(title: "the API", name: "api") { await $0.api() },
        Check(title: "PUBLIC_URL", name: "public url") { await $0.publicURL() },
        Check(title: "the senders' proofs", name: "senders") { await $0.senders() },
        Check(title: "Twilio's URL", name: "twilio url") { await $0.twilioNumbers() },
        Check(title: "gateways", name: "gateways") { await $0.gateways() },
        Check(title: "workers and scheduler", name: "workers") { await $0.atWork() },
        Check(title: "businesses", name: "businesses") { await $0.kept() },
    ]

    func run(_ check: Check) async -> [Finding] {
        do {
            return try await withDeadline(Self.limit) { await check.run(self) }
        } catch {
            return [.wrong(check.name, "it took longer than \(Shown.age(Self.limit))", do: "Look at the network")]
        }
    }

    /// The business that is tried where none is asked for.
    var anyBusiness: String {
        configuration.api.defaultBusiness ?? businesses?.first?.id ?? ServiceEnvironment.business
    }
}
