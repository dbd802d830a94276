import Native
import Shared

/// All parts of a worker, put together.
@LoopActor final class WorkerProcess {
    let id = RunID.make("worker")

    private let configuration: Configuration
    private let log: Log
    private let redis, heartbeats: QueueConnection
    private let postgres: PostgresPool
    private let businesses: BusinessCache
    private let http: HTTPClient
    private let jobs: JobMetrics
    private let registry: ProcessRegistry
    private let loop: WorkerLoop
    private var reporting: Task<Void, Never>?
    private var isClaiming = false

    init(_ configuration: Configuration, log: Log, metrics: Metrics) throws(RedisAddress.Fault) {
        self.configuration = configuration
        self.log = log
        redis = try QueueConnection(
            configuration, name: "rejoinder-worker", commandTimeout: .seconds(5), log: log, metrics: metrics)
        // A second connection: heartbeats must not wait behind work. It tells nobody of its state.
        heartbeats = try QueueConnection(
            configuration, name: "rejoinder-worker-heartbeat", commandTimeout: .seconds(2), log: Log(level: .error),
            metrics: Metrics())
        postgres = PostgresPool(url: configuration.storage.databaseURL)
        let pool = postgres
        metrics.gauge(.postgresUp) { pool.isReady ? 1 : 0 }
        http = HTTPClient(keptConnections: max(64, configuration.worker.concurrency))
        var limits = BusinessCache.Limits()
        limits.lifetime = configuration.worker.businessCache
        let store = BusinessStore(pool: pool)
        businesses = BusinessCache(limits: limits) { id throws(StoreError) in try await store.find(id) }
        jobs = JobMetrics(metrics)
        registry = ProcessRegistry(redis: redis.client, id: id)

        let baileys = BaileysProvider(
            http: http, settings: configuration.baileys,
            secret: configuration.api.internalSecret ?? Secret(""))
        var providers: [ProviderName: any Provider] = [.baileys: baileys]
        if let twilio = configuration.twilio { providers[.twilio] = TwilioProvider(http: http, settings: twilio) }
        let tools = AnswerTools(
            ai: ChatCompletions(http: http, settings: configuration.ai),
            delivery: Delivery(providers: providers, metrics: SendMetrics(metrics), log: log),
            settings: configuration.ai, metrics: AnswerMetrics(metrics), log: log,
            jobAttempts: configuration.queue.attempts)
        let handlers = HandlerTable([
            AnswerJob.name: AnswerHandler(
                businesses: businesses, queue: redis.queue, rows: RowWriter(pool: pool, metrics: metrics, log: log),
                tools: tools, staleAfter: configuration.queue.staleAfter),
            RowsHandler.name: RowsHandler(messages: MessageStore(pool: pool), log: log),
            "gateway_health": GatewayHealthHandler(businesses: store, gateway: baileys, log: log),
            "noop": NoopHandler(),
        ])
        loop = WorkerLoop(
            connection: redis, heartbeats: heartbeats.queue,
            runner: JobRunner(
                queue: redis.queue, handlers: handlers, graves: Graves(pool: pool, log: log), metrics: jobs, log: log,
                attempts: configuration.queue.attempts),
            worker: WorkerID(id),
            settings: WorkerLoop.Settings(
                lanes: configuration.worker.lanes, concurrency: configuration.worker.concurrency,
                lease: configuration.queue.lease),
            log: log)
    }

    var inFlight: Int { loop.inFlight }

    /// Why no work can be done now. Postgres is no reason: rows wait for it.
    var notReady: String? {
        if !redis.client.isReady { return "Redis is not connected" }
        return isClaiming ? nil : "starting"
    }

    /// Connects, brings the schema up to date and begins to claim.
    func start() async throws {
        postgres.start()
        businesses.listen(url: configuration.storage.databaseURL)
        try await redis.open(log)
        try await heartbeats.open(log)
        await migrate()
        if Task.isCancelled { return }
        loop.start()
        isClaiming = true
        reporting = LoopActor.loop.spawn { [self] in await registry.keepReporting { report } }
    }

    /// Finishes or hands back what is in hand. Returns how many jobs were handed back.
    func stop() async -> Int {
        isClaiming = false
        // A second is left to hand back what is not finished.
        let grace = max(.seconds(1), configuration.worker.shutdownGrace - .seconds(2))
        let handedBack = await loop.drain(within: grace)
        reporting?.cancel()
        // It only spares the others a wait; Redis may be down.
        try? await registry.leave()
        await businesses.stopListening()
        await postgres.close()
        redis.client.close()
        heartbeats.client.close()
        http.close()
        return handedBack
    }

    /// A Postgres that is down must not keep replies from going out: then the schema is looked at by whoever starts
    /// next, and rows wait.
    private func migrate() async {
        guard configuration.storage.autoMigrate else { return }
        do {
            try await postgres.waitUntilReady(within: .seconds(10))
            for migration in try await Migrator(pool: postgres).run() {
                log.info(.schemaMigrated, "Schema upgraded", [.version: .text("\(migration.version)")])
            }
        } catch {
            log.error(.postgresConnection, "The schema could not be looked at", [.error: .text("\(error)")])
        }
    }

    private var report: ProcessRegistry.Report {
        var report = ProcessRegistry.Report(role: "worker")
        report.processed = jobs.count(.done)
        report.errors = jobs.count(.dead)
        report.inFlight = loop.inFlight
        report.cacheHits = businesses.hits
        report.cacheMisses = businesses.misses
        report.cacheKeys = businesses.keys
        return report
    }
}
