import Native
import Shared

/// What it takes to run jobs: connections, caches, and a handler for each kind of work.
@LoopActor final class WorkerParts {
    let redis, heartbeats: QueueConnection
    let postgres: PostgresPool
    let businesses: BusinessCache
    let jobs: JobMetrics
    let runner: JobRunner
    let circuits: SharedCircuits
    private let pacing: SharedPacing
    /// A job past it is not renewed any more, and ends.
    let jobLimit: Duration = .seconds(600)

    private let configuration: Configuration
    private let http: HTTPClient
    private let log: Log
    private var listening: [Task<Void, Never>] = []

    /// - Parameter name: by which Redis lists its connections.
    /// - Throws: what is wrong with Redis's address or with `MEDIA_DIR`.
    init(_ configuration: Configuration, name: String, log: Log, metrics: Metrics) throws {
        let archive = try configuration.storage.mediaDirectory.map { try MediaArchive(root: $0) }
        self.configuration = configuration
        self.log = log
        redis = try QueueConnection(
            configuration, name: name, commandTimeout: .seconds(5), log: log, metrics: metrics)
        // A second connection: heartbeats must not wait behind work. It tells nobody of its state.
        heartbeats = try QueueConnection(
            configuration, name: name + "-heartbeat", commandTimeout: .seconds(2), log: Log(level: .error),
            metrics: Metrics())
        postgres = PostgresPool(url: configuration.storage.databaseURL)
        let pool = postgres
        metrics.gauge(.postgresUp) { pool.isReady ? 1 : 0 }
        http = HTTPClient(keptConnections: max(64, 2 * configuration.worker.concurrency))
        var limits = BusinessCache.Limits()
        limits.lifetime = configuration.worker.businessCache
        let store = BusinessStore(pool: pool)
        businesses = BusinessCache(limits: limits) { id throws(StoreError) in try await store.find(id) }
        let cache = businesses
        metrics.total(.businessCache, [.outcome: "hit"]) { Double(cache.hits) }
        metrics.total(.businessCache, [.outcome: "miss"]) { Double(cache.misses) }
        jobs = JobMetrics(metrics)
        circuits = SharedCircuits(redis: redis.client, metrics: metrics, log: log)
        pacing = SharedPacing(redis: redis.client)

        let gateway = GatewayCalls(configuration)
        let baileys = BaileysProvider(http: http, settings: configuration.baileys, gateway: gateway)
        let told = ToldSends(redis: redis.client),
            fallbackTenant = [configuration.api.defaultBusiness].compactMap { $0 }
        func toldBy(_ provider: ProviderName) -> ToldByReceipts.Find {
            { id, tenants in
                await told.find(id, provider: provider, tenants: tenants + fallbackTenant).map {
                    ($0.providerID, $0.hasFailed)
                }
            }
        }
        let providers: [ProviderName: any Provider] = [
            .baileys: baileys,
            .twilio: TwilioProvider(
                http: http, settings: configuration.twilio, publicURL: configuration.api.publicURL),
            .meta: MetaProvider(http: http, settings: configuration.meta, told: toldBy(.meta)),
            .evolution: EvolutionProvider(
                http: http, settings: configuration.evolution, told: ToldByReceipts(toldBy(.evolution))),
            .waha: WAHAProvider(http: http, settings: configuration.waha, told: ToldByReceipts(toldBy(.waha))),
        ]
        let fetcher = MediaFetcher(
            http: http, sources: MediaSources(configuration), mostBytes: configuration.media.mostBytes)
        let reader = MessageReader(
            fetcher: fetcher,
            transcriber: Transcriber(http: http, settings: configuration.media, ai: configuration.ai),
            gate: MediaGate(concurrency: configuration.worker.concurrency), sees: configuration.media.hasVision,
            metrics: MediaMetrics(metrics), log: log)
        let tools = AnswerTools(
            ai: Assistant(
                ai: ChatCompletions(http: http, circuits: AICircuits(metrics: metrics, log: log)),
                caller: ToolCaller(http: http, hosts: OutboundHosts(configuration.outboundAllowHosts)),
                settings: configuration.ai, metrics: ToolMetrics(metrics), log: log),
            reader: reader,
            delivery: Delivery(
                providers: providers, circuits: circuits, pacing: pacing, metrics: SendMetrics(metrics), log: log,
                longestSend: configuration.worker.longestSend),
            replies: ReplyGuard(queue: redis.queue, log: log),
            marks: ReadMarks(http: http, calls: ReadMarkCalls(configuration), log: log), settings: configuration.ai,
            metrics: AnswerMetrics(metrics), log: log,
            jobAttempts: configuration.queue.attempts)
        let waitingRows = WaitingRows(queue: redis.queue), silence = PostgresSilence()
        pool.onStateChange = { isReady, _ in if !isReady { waitingRows.noteOutage() } }
        let rows = RowWriter(pool: pool, earlier: waitingRows, silence: silence, metrics: metrics, log: log),
            graves = Graves(pool: pool, log: log)
        let memory = ConversationMemory(
            queue: redis.queue, messages: MessageStore(pool: pool), window: MemoryWindow(configuration.ai),
            silence: silence, log: log)
        let window = ContactWindow(messages: MessageStore(pool: pool), silence: silence, log: log)
        let receiptMetrics = ReceiptMetrics(metrics)
        let care = GatewayCare(http: http, gateway: gateway)
        let handlers = HandlerTable([
            AnswerJob.name: AnswerHandler(
                queue: redis.queue, businesses: businesses, memory: memory, rows: rows,
                aliases: AliasedMessages(
                    businesses: store, queue: redis.queue, defaultBusiness: configuration.api.defaultBusiness, log: log),
                optOuts: OptOuts(store: OptOutStore(pool: pool), log: log),
                addresses: KnownAddresses(conversations: ConversationStore(pool: pool), silence: silence, log: log),
                window: window, tools: tools,
                staleAfter: configuration.queue.staleAfter,
                answeredBefore: AnsweredBefore(
                    messages: MessageStore(pool: pool), dedupeLifetime: configuration.queue.dedupeLifetime, log: log),
                keepsMedia: archive != nil),
            KeepMediaHandler.name: KeepMediaHandler(
                archive: archive, businesses: businesses, fetcher: fetcher, messages: MessageStore(pool: pool), log: log
            ),
            OwnMessageJob.name: OwnMessageHandler(
                businesses: businesses, store: store, defaultBusiness: configuration.api.defaultBusiness,
                queue: redis.queue, memory: memory, rows: rows, log: log),
            TickJob.scheduledBroadcasts: ScheduledBroadcastsHandler(
                broadcasts: BroadcastStore(pool: pool), queue: redis.queue, log: log),
            BroadcastJob.name: BroadcastHandler(
                broadcasts: BroadcastStore(pool: pool), businesses: businesses, earlier: waitingRows,
                window: window, delivery: tools.delivery, memory: memory, rows: rows,
                jobAttempts: configuration.queue.attempts, metrics: BroadcastMetrics(metrics), log: log),
            HandoverJob.name: HandoverHandler(conversations: ConversationStore(pool: pool)),
            OptOutHandler.name: OptOutHandler(store: OptOutStore(pool: pool)),
            RowsHandler.name: RowsHandler(messages: MessageStore(pool: pool), log: log),
            ProcessingErrorHandler.name: ProcessingErrorHandler(errors: ProcessingErrorStore(pool: pool)),
            BurialHandler.name: BurialHandler(graves: graves),
            ReceiptJob.name: ReceiptHandler(
                told: told, receipts: ReceiptStore(pool: pool), businesses: store,
                defaultBusiness: configuration.api.defaultBusiness, metrics: receiptMetrics, log: log),
            ReceiptsSyncJob.name: ReceiptsSyncHandler(
                messages: MessageStore(pool: pool), receipts: ReceiptStore(pool: pool), businesses: businesses,
                providers: providers, circuits: circuits, metrics: receiptMetrics, log: log),
            TickJob.gatewayHealth: GatewayHealthHandler(businesses: store, care: care.tend, log: log),
            "noop": NoopHandler(),
        ])
        runner = JobRunner(
            queue: redis.queue, handlers: handlers, graves: graves, metrics: jobs, log: log,
            attempts: configuration.queue.attempts)
    }

    /// Connects to Redis, waiting as long as it takes, and begins to connect to Postgres, which nothing waits for.
    func open() async throws(QueueError) {
        postgres.start()
        businesses.listen(url: configuration.storage.databaseURL)
        try await redis.open(log)
        try await heartbeats.open(log)
        await circuits.look()
        await pacing.look()
        listening = [
            LoopActor.loop.spawn { [circuits] in await circuits.run() },
            LoopActor.loop.spawn { [pacing] in await pacing.run() },
        ]
    }

    func close() async {
        for task in listening { task.cancel() }
        await businesses.stopListening()
        await postgres.close()
        redis.client.close()
        heartbeats.client.close()
        http.close()
    }
}

extension WorkerSettings {
    /// For jobs in hand at the end. A second of the grace is left to hand back what is not finished.
    var drainLimit: Duration { max(.seconds(1), shutdownGrace - .seconds(2)) }

    /// For a job in quarantine. Up to two seconds sooner: the worker kills the process when its own time is up.
    var quarantineDrainLimit: Duration { drainLimit - min(.seconds(2), drainLimit / 2) }
}
