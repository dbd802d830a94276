import Native
import Shared

/// `rejoinder-api`: webhooks in, health and metrics out.
@main enum Main {
    static func main() {
        CommandHelp.answer(
            program: "rejoinder-api", does: "accepts webhooks, dedupes their messages and puts them on the queue")
        FreedMemory.keep()
        Service.run(.api) { try await run($0) }
    }

    @LoopActor private static func run(_ service: Service) async throws {
        let configuration = service.configuration, log = service.log, metrics = service.metrics
        let redis = try QueueConnection(
            configuration, name: "rejoinder-api", commandTimeout: .milliseconds(500), log: log, metrics: metrics)
        let registry = ProcessRegistry(redis: redis.client, id: RunID.make("api"))
        let messages = WebhookMessageMetrics(metrics)
        let postgres = PostgresPool(url: configuration.storage.databaseURL)
        metrics.gauge(.postgresUp) { postgres.isReady ? 1 : 0 }
        let directory = BusinessDirectory(
            store: BusinessStore(pool: postgres), lifetime: configuration.worker.businessCache, log: log)
        let routes = Routes(
            webhooks: Webhooks(
                configuration, directory, ingest: WebhookIngest(queue: redis.queue, log: log, counters: messages),
                metrics: metrics),
            overview: OverviewRoute(queue: redis.queue, registry: registry, providers: configuration.providers),
            handover: HandoverRoute(
                door: AdminDoor(token: configuration.api.adminToken), queue: redis.queue,
                businesses: { directory.known(defaultBusiness: configuration.api.defaultBusiness) }, log: log),
            health: HealthRoutes(metrics: metrics) { redis.client.isReady ? nil : "Redis is not connected" })
        var limits = HTTPServerLimits()
        // Some descriptors are left for Redis, Postgres and files, however many connections come.
        limits.connections = min(16_384, max(64, DescriptorLimit.raise() - 512))
        let server = HTTPServer(
            endpoint: .tcp(host: configuration.api.host, port: configuration.api.port), limits: limits,
            handler: { await routes.handle($0) })
        try server.start()
        log.info(
            .processStarted, "API listens",
            [.version: .text(Version.text), .address: .text(configuration.api.host), .port: .int(server.port)])
        TwilioSender.warnIfClosed(configuration, log)
        postgres.start()
        directory.start(url: configuration.storage.databaseURL)
        let memory = MemoryWatch(queue: redis.queue, metrics: metrics, log: log)
        let opening = LoopActor.loop.spawn {
            try await redis.open(log)
            await memory.run()
        }
        let reporting = LoopActor.loop.spawn { await registry.keepReporting { messages.report } }
        service.shutdown.endIfUnfit(opening, log)
        try? await service.shutdown.wait()
        log.info(.processStopping, "Draining: finishing requests that were read")
        await server.drain(within: configuration.worker.shutdownGrace)
        reporting.cancel()
        opening.cancel()
        try? await registry.leave()
        redis.client.close()
        await directory.stop()
        await postgres.close()
        log.info(.processStopped, "Stopped")
    }
}
