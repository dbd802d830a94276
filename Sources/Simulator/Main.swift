import Native
import Shared

/// `rejoinder-simulator`: stands in for the Baileys gateway, Twilio, Meta, Evolution API, WAHA and the AI, on one port.
@main struct Main {
    static func main() {
        let options: Options
        do {
            options = try Options(arguments: ServiceProcess.arguments, environment: ServiceProcess.environment)
        } catch {
            StandardStream.error.write("rejoinder-simulator: \(error.reason)\n\n\(Options.help)")
            ProcessExit.now(64)
        }
        if options.wantsHelp {
            StandardStream.output.write(Options.help)
            ProcessExit.now(0)
        }
        ServiceProcess.run { shutdown in await Simulator(options).run(until: shutdown) }
    }
}
