import Native
import Shared

/// `rejoinder-scheduler`: periodic jobs, takeover of dead workers' leases, promotion of delayed jobs, the queue's audit.
@main enum Main {
    /// Where health and metrics are unless `METRICS_PORT` says otherwise.
    private static let standardPort = 9102

    static func main() {
        CommandHelp.answer(
            program: "rejoinder-scheduler",
            does: "enqueues periodic jobs and takes over what dead workers left; several stand by for one that acts")
        Service.run(.scheduler) { try await run($0) }
    }

    @LoopActor private static func run(_ service: Service) async throws {
        let log = service.log, metrics = service.metrics
        let redis = try QueueConnection(
            service.configuration, name: "rejoinder-scheduler", commandTimeout: .seconds(2), log: log,
            metrics: metrics)
        let health = HealthRoutes(metrics: metrics) { redis.client.isReady ? nil : "Redis is not connected" }
        let server = HealthServer(service.configuration, standardPort: standardPort, routes: health)
        try server?.start()
        log.info(
            .processStarted, "Scheduler runs", [.version: .text(Version.text), .port: .int(server?.port ?? 0)])

        let id = RunID.make("scheduler")
        let leadership = Leadership(redis: redis.client, id: id)
        let registry = ProcessRegistry(redis: redis.client, id: id)
        let memory = MemoryWatch(queue: redis.queue, metrics: metrics, log: log)
        let watch = QueueWatch(queue: redis.queue, registry: registry, metrics: metrics)
        let runner = ScheduleRunner(
            leadership: leadership, queue: redis.queue, auditor: Auditor(queue: redis.queue), jobs: PeriodicJob.all,
            metrics: metrics, log: log)
        let running = LoopActor.loop.spawn {
            try await redis.open(log)
            let watching = LoopActor.loop.spawn { await memory.run() }
            let looking = LoopActor.loop.spawn { await watch.run() }
            let reporting = LoopActor.loop.spawn {
                await registry.keepReporting { ProcessRegistry.Report(role: "scheduler") }
            }
            await runner.run()
            reporting.cancel()
            looking.cancel()
            watching.cancel()
        }
        service.shutdown.endIfUnfit(running, log)
        try? await service.shutdown.wait()
        running.cancel()
        // Both only spare the others a wait; Redis may be down.
        try? await leadership.resign()
        try? await registry.leave()
        redis.client.close()
        server?.stop()
        log.info(.processStopped, "Stopped")
    }
}
