import Native
import Shared

/// A command that works on a system that runs: finds its servers, and tells what went wrong.
enum OperatorCommand: Equatable {
    case queues(QueuesOptions)
    case pause(PauseOptions)
    case resume(PauseOptions)
    case dead(DeadOptions)
    case tools(ToolsOptions)
    case handover(HandoverOptions)
    case broadcast(BroadcastOptions)
    case schedule(ScheduleOptions)

    private var data: String? {
        switch self {
        case .queues(let options): options.data
        case .pause(let options), .resume(let options): options.data
        case .dead(let options): options.data
        case .tools(let options): options.data
        case .handover(let options): options.data
        case .broadcast(let options): options.data
        case .schedule(let options): options.data
        }
    }

    /// Returns the status to exit with.
    @LoopActor func run(environment: [String: String], until shutdown: Shutdown) async -> Int32 {
        do throws(OperateFailure) {
            let configuration = try SystemTarget.find(data: data, environment: environment).configuration
            let servers = try Servers(configuration)
            let result = await result(servers, configuration, shutdown)
            await servers.close()
            return try result.get()
        } catch {
            return error.tell()
        }
    }

    @LoopActor private func result(
        _ servers: Servers, _ configuration: Configuration, _ shutdown: Shutdown
    ) async -> Result<Int32, OperateFailure> {
        do throws(OperateFailure) {
            switch self {
            case .queues(let options): try await QueuesCommand(options, servers).run(until: shutdown)
            case .pause(let options): try await print(PauseCommand(options: options, isPause: true, servers: servers))
            case .resume(let options): try await print(PauseCommand(options: options, isPause: false, servers: servers))
            case .tools(let options):
                let hosts = OutboundHosts(configuration.outboundAllowHosts)
                return .success(try await ToolsCommand(options, servers, hosts: hosts).run())
            case .handover(let options):
                StandardStream.output.write(try await HandoverCommand(options: options, servers: servers).run())
            case .broadcast(let options):
                return .success(try await BroadcastCommand(options, servers).run(until: shutdown))
            case .schedule(let options):
                StandardStream.output.write(try await ScheduleCommand(options: options, servers: servers).run())
            case .dead(let options): return .success(try await DeadCommand(options, servers).run(until: shutdown))
            }
            return .success(0)
        } catch {
            return .failure(error)
        }
    }

    @LoopActor private func print(_ command: PauseCommand) async throws(OperateFailure) {
        StandardStream.output.write(try await command.run())
    }
}
