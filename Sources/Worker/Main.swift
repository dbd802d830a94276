import Native
import Shared

/// `rejoinder-worker`: claims jobs, asks the AI, sends with failover, writes rows.
@main enum Main {
    /// Where health and metrics are unless `METRICS_PORT` says otherwise.
    private static let standardPort = 9101

    /// Makes the process one that runs suspects for the worker that started it.
    static let quarantineOption = "--quarantine"

    static func main() {
        // Only the quarantine process is started in this way; for all others it does nothing.
        ParentTie.becomeTiedCommand()
        if ServiceProcess.arguments == [quarantineOption] {
            Service.run(.worker) { try await (try QuarantineProcess($0)).run() }
        }
        CommandHelp.answer(
            program: "rejoinder-worker", does: "answers messages: AI call, sending with failover, rows in Postgres",
            options: [quarantineOption: "for the worker itself: runs jobs that crashed workers, one at a time"])
        Service.run(.worker) { try await run($0) }
    }

    @LoopActor private static func run(_ service: Service) async throws {
        let log = service.log
        let worker = try WorkerProcess(service.configuration, log: log, metrics: service.metrics)
        let health = HealthRoutes(metrics: service.metrics) { worker.notReady }
        let server = HealthServer(service.configuration, standardPort: standardPort, routes: health)
        try server?.start()
        log.info(
            .processStarted, "Worker runs",
            [.version: .text(Version.text), .worker: .text(worker.id), .port: .int(server?.port ?? 0)])
        let opening = LoopActor.loop.spawn { try await worker.start() }
        service.shutdown.endIfUnfit(opening, log)
        try? await service.shutdown.wait()
        log.info(.processStopping, "Draining: no new job is taken", [.count: .int(worker.inFlight)])
        opening.cancel()
        let handedBack = await worker.stop()
        server?.stop()
        log.info(.processStopped, "Stopped; jobs handed back", [.count: .int(handedBack)])
    }
}
