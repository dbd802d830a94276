import Native
import Shared

/// `rejoinder`: all of it on one machine, and the operator's tool.
@main struct Main {
    static func main() {
        // Only children of `up` are started in this way; for all others it does nothing.
        ParentTie.becomeTiedCommand()
        do throws(UsageError) {
            run(try Invocation(ServiceProcess.arguments))
        } catch {
            StandardStream.error.write("rejoinder: \(error)\nTry `rejoinder help`.\n")
            ProcessExit.now(UsageError.exitStatus)
        }
    }

    private static func run(_ invocation: Invocation) -> Never {
        let environment = ServiceProcess.environment
        switch invocation {
        case .help(let topic): end(with: Help.text(topic: topic))
        case .version: end(with: "rejoinder \(Version.text)\n")
        case .config(let json): end(with: ConfigCommand(json: json).output(environment: environment))
        case .migrate(let business):
            ServiceProcess.run { _ in await MigrateCommand(business: business).run(environment: environment) }
        case .benchEnqueue(let options):
            ServiceProcess.run { _ in await BenchEnqueueCommand(options).run(environment: environment) }
        case .benchClaim(let options):
            ServiceProcess.run { _ in await BenchClaimCommand(options).run(environment: environment) }
        case .health(let url): ServiceProcess.run { _ in await HealthCommand(url: url).run() }
        case .sign(let options): ServiceProcess.run { _ in await SignCommand(options).run(environment: environment) }
        case .doctor(let options):
            ServiceProcess.run { _ in await DoctorCommand(options).run(environment: environment) }
        case .operate(let command):
            ServiceProcess.run { shutdown in await command.run(environment: environment, until: shutdown) }
        case .up(let options):
            ServiceProcess.run { shutdown in await Main.up(options, environment, shutdown) }
        case .chat(let options):
            ServiceProcess.run { shutdown in await Main.chat(options, environment, shutdown) }
        }
    }

    @LoopActor private static func up(
        _ options: UpOptions, _ environment: [String: String], _ shutdown: Shutdown
    ) async -> Int32 {
        do throws(UpFailure) {
            return await (try UpCommand(options, environment: environment)).run(until: shutdown)
        } catch {
            return fail(error.description, error.status)
        }
    }

    @LoopActor private static func chat(
        _ options: ChatOptions, _ environment: [String: String], _ shutdown: Shutdown
    ) async -> Int32 {
        do throws(ChatFailure) {
            let target = try ChatTarget.find(options, environment: environment)
            return try await ChatCommand(options, target).run(until: shutdown)
        } catch {
            return fail(error.description, 1)
        }
    }

    private static func fail(_ message: String, _ status: Int32) -> Int32 {
        OperateFailure(message, status: status).tell()
    }

    private static func end(with text: String) -> Never {
        StandardStream.output.write(text)
        ProcessExit.now(0)
    }
}
