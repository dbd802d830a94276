import FoundationEssentials
import Native

/// The frame that every service process runs in.
package enum ServiceProcess {
    /// Runs `body` on the loop, on this thread, and ends the process with the status it returns.
    package static func run(_ body: @escaping @LoopActor @Sendable (Shutdown) async -> Int32) -> Never {
        DescriptorLimit.raise()
        LoopActor.loop.spawn {
            let status = await body(Shutdown())
            ProcessExit.now(status)
        }
        LoopActor.loop.run()
        ProcessExit.now(0)
    }

    /// The environment the process was started with.
    package static var environment: [String: String] { ProcessInfo.processInfo.environment }

    /// The words after the program's name.
    package static var arguments: [String] { Array(CommandLine.arguments.dropFirst()) }
}
