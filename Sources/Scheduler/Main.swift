import Native
import Shared

/// `rejoinder-scheduler`: periodic jobs, takeover of dead workers' leases, promotion of delayed jobs.
@main enum Main {
    /// Where health and metrics are unless `METRICS_PORT` says otherwise.
    private static let standardPort = 9102

    static func main() {
        CommandHelp.answer(
            program: "rejoinder-scheduler",
            does: "enqueues periodic jobs and takes over what dead workers left; several stand by for one that acts")
        let configuration = Configuration.load(role: .scheduler, environment: ServiceProcess.environment)
        ServiceProcess.run { shutdown in await run(configuration, shutdown) }
    }

    @LoopActor private static func run(_ configuration: Configuration, _ shutdown: Shutdown) async -> Int32 {
        let log = Log(configuration.log), metrics = Metrics()
        shutdown.atOnce = { log.flush() }
        metrics.addProcess(version: Version.text)
        do {
            let redis = try QueueConnection(
                configuration, name: "rejoinder-scheduler", commandTimeout: .seconds(2), log: log, metrics: metrics)
            let health = HealthRoutes(metrics: metrics) { redis.client.isReady ? nil : "Redis is not connected" }
            let server = HealthServer(configuration, standardPort: standardPort, routes: health)
            try server?.start()
            log.info(
                .processStarted, "Scheduler runs",
                [.version: .text(Version.text), .port: .int(server?.port ?? 0)])

            let id = RunID.make("scheduler")
            let leadership = Leadership(redis: redis.client, id: id)
            let registry = ProcessRegistry(redis: redis.client, id: id)
            let runner = ScheduleRunner(
                leadership: leadership, queue: redis.queue, auditor: Auditor(queue: redis.queue), jobs: Schedule.jobs,
                metrics: metrics, log: log)
            let memory = MemoryWatch(queue: redis.queue, metrics: metrics, log: log)
            let running = LoopActor.loop.spawn {
                try await redis.open(log)
                let watching = LoopActor.loop.spawn { await memory.run() }
                let reporting = LoopActor.loop.spawn {
                    await registry.keepReporting { ProcessRegistry.Report(role: "scheduler") }
                }
                await runner.run()
                reporting.cancel()
                watching.cancel()
            }
            shutdown.endIfUnfit(running, log)
            try? await shutdown.wait()
            running.cancel()
            // Both only spare the others a wait; Redis may be down.
            try? await leadership.resign()
            try? await registry.leave()
            redis.client.close()
            server?.stop()
            log.info(.processStopped, "Stopped")
            log.flush()
            return shutdown.status
        } catch {
            log.error(.internalError, "Scheduler cannot start", [.error: .text("\(error)")])
            log.flush()
            return 1
        }
    }
}
