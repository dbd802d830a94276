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
        let isQuarantine = ServiceProcess.arguments == [quarantineOption]
        if !isQuarantine {
            CommandHelp.answer(
                program: "rejoinder-worker", does: "answers messages: AI call, sending with failover, rows in Postgres",
                options: [
                    quarantineOption: "for the worker itself: runs jobs that crashed workers, one at a time"
                ])
        }
        let configuration = Configuration.load(role: .worker, environment: ServiceProcess.environment)
        ServiceProcess.run { shutdown in
            isQuarantine ? await quarantine(configuration, shutdown) : await run(configuration, shutdown)
        }
    }

    @LoopActor private static func quarantine(_ configuration: Configuration, _ shutdown: Shutdown) async -> Int32 {
        let log = Log(configuration.log)
        shutdown.atOnce = { log.flush() }
        do {
            log.info(.quarantine, "Quarantine runs", [.pid: .int(Int(ThisProgram.pid))])
            let status = await (try QuarantineProcess(configuration, log: log)).run(until: shutdown)
            log.flush()
            return status
        } catch {
            log.error(.internalError, "Quarantine cannot start", [.error: .text("\(error)")])
            log.flush()
            return 1
        }
    }

    @LoopActor private static func run(_ configuration: Configuration, _ shutdown: Shutdown) async -> Int32 {
        let log = Log(configuration.log), metrics = Metrics()
        shutdown.atOnce = { log.flush() }
        metrics.addProcess(version: Version.text)
        do {
            let worker = try WorkerProcess(configuration, log: log, metrics: metrics)
            let health = HealthRoutes(metrics: metrics) { worker.notReady }
            let server = HealthServer(configuration, standardPort: standardPort, routes: health)
            try server?.start()
            log.info(
                .processStarted, "Worker runs",
                [.version: .text(Version.text), .worker: .text(worker.id), .port: .int(server?.port ?? 0)])
            let opening = LoopActor.loop.spawn { try await worker.start() }
            shutdown.endIfUnfit(opening, log)
            try? await shutdown.wait()
            log.info(.processStopping, "Draining: no new job is taken", [.count: .int(worker.inFlight)])
            opening.cancel()
            let handedBack = await worker.stop()
            server?.stop()
            log.info(.processStopped, "Stopped; jobs handed back", [.count: .int(handedBack)])
            log.flush()
            return shutdown.status
        } catch {
            log.error(.internalError, "Worker cannot start", [.error: .text("\(error)")])
            log.flush()
            return 1
        }
    }
}
