import Native
import Shared

/// `rejoinder-api`: webhooks in, health and metrics out.
@main enum Main {
    static func main() {
        CommandHelp.answer(
            program: "rejoinder-api", does: "accepts webhooks, dedupes their messages and puts them on the queue")
        let configuration = Configuration.load(role: .api, environment: ServiceProcess.environment)
        ServiceProcess.run { shutdown in await run(configuration, shutdown) }
    }

    @LoopActor private static func run(_ configuration: Configuration, _ shutdown: Shutdown) async -> Int32 {
        let log = Log(configuration.log), metrics = Metrics()
        shutdown.atOnce = { log.flush() }
        metrics.addProcess(version: Version.text)
        do {
            let redis = try QueueConnection(
                configuration, name: "rejoinder-api", commandTimeout: .milliseconds(500), log: log, metrics: metrics)
            let registry = ProcessRegistry(redis: redis.client, id: RunID.make("api"))
            let messages = WebhookMessageMetrics(metrics)
            let routes = Routes(
                incoming: IncomingWebhook(
                    secret: configuration.api.internalSecret, defaultBusiness: configuration.api.defaultBusiness,
                    ingest: WebhookIngest(queue: redis.queue, log: log, counters: messages),
                    requests: WebhookRequestMetrics(metrics, sender: .baileys)),
                overview: OverviewRoute(queue: redis.queue, registry: registry, providers: configuration.providers),
                health: HealthRoutes(metrics: metrics) { redis.client.isReady ? nil : "Redis is not connected" })
            let server = HTTPServer(
                endpoint: .tcp(host: configuration.api.host, port: configuration.api.port), handler: routes.handle)
            try server.start()
            log.info(
                .processStarted, "API listens",
                [
                    .version: .text(Version.text), .address: .text(configuration.api.host), .port: .int(server.port),
                ])
            let memory = MemoryWatch(queue: redis.queue, metrics: metrics, log: log)
            let opening = LoopActor.loop.spawn {
                try await redis.open(log)
                await memory.run()
            }
            let reporting = LoopActor.loop.spawn { await registry.keepReporting { messages.report } }
            shutdown.endIfUnfit(opening, log)
            try? await shutdown.wait()
            log.info(.processStopping, "Draining: finishing requests that were read")
            await server.drain(within: configuration.worker.shutdownGrace)
            reporting.cancel()
            opening.cancel()
            try? await registry.leave()
            redis.client.close()
            log.info(.processStopped, "Stopped")
            log.flush()
            return shutdown.status
        } catch {
            log.error(.internalError, "API cannot start", [.error: .text("\(error)")])
            log.flush()
            return 1
        }
    }
}
