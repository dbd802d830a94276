import Native

/// What every service process has: its settings, a log, metrics, and somebody who may want it to end.
@LoopActor package struct Service {
    package let configuration: Configuration
    package let log: Log
    package let metrics = Metrics()
    package let shutdown: Shutdown

    /// Reads the settings and runs `body` on the loop, on this thread. Never returns: the process ends when `body` does,
    /// with the status that the shutdown was asked for with, or 1 when `body` throws. The last log lines are out then.
    ///
    /// Settings with faults end it before, with status 78.
    package nonisolated static func run(
        _ role: Configuration.Role, _ body: @escaping @LoopActor @Sendable (Service) async throws -> Void
    ) -> Never {
        let configuration = Configuration.load(role: role, environment: ServiceProcess.environment)
        ServiceProcess.run { shutdown in
            let service = Service(configuration: configuration, log: Log(configuration.log), shutdown: shutdown)
            return await service.run(body)
        }
    }

    private func run(_ body: @LoopActor (Service) async throws -> Void) async -> Int32 {
        shutdown.atOnce = { [log] in log.flush() }
        metrics.addProcess(version: Version.text)
        defer { log.flush() }
        do {
            try await body(self)
            return shutdown.status
        } catch {
            log.error(.internalError, "The process cannot start", [.error: .text("\(error)")])
            return 1
        }
    }
}
