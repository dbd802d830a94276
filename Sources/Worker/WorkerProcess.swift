import Native
import Shared

/// A worker: all its parts, put together.
@LoopActor final class WorkerProcess {
    let id = RunID.make("worker")

    private let configuration: Configuration
    private let log: Log
    private let parts: WorkerParts
    private let registry: ProcessRegistry
    private let loop: WorkerLoop
    private var reporting: Task<Void, Never>?
    private var isClaiming = false

    init(_ configuration: Configuration, log: Log, metrics: Metrics) throws {
        self.configuration = configuration
        self.log = log
        parts = try WorkerParts(configuration, name: "rejoinder-worker", log: log, metrics: metrics)
        registry = ProcessRegistry(redis: parts.redis.client, id: id)
        loop = WorkerLoop(
            parts, worker: WorkerID(id),
            settings: WorkerLoop.Settings(
                lanes: configuration.worker.lanes, concurrency: configuration.worker.concurrency,
                lease: configuration.queue.lease),
            metrics: metrics, log: log)
    }

    var inFlight: Int { loop.inFlight }

    /// Why no work can be done now. Postgres is no reason: rows wait for it.
    var notReady: String? {
        if !parts.redis.client.isReady { return "Redis is not connected" }
        return isClaiming ? nil : "starting"
    }

    /// Connects, brings the schema up to date and begins to claim.
    func start() async throws {
        try await parts.open()
        await migrate()
        if Task.isCancelled { return }
        loop.start()
        isClaiming = true
        reporting = LoopActor.loop.spawn { [self] in await registry.keepReporting { report } }
    }

    /// Finishes or hands back what is in hand. Returns how many jobs were handed back.
    func stop() async -> Int {
        isClaiming = false
        let handedBack = await loop.drain(within: configuration.worker.drainLimit)
        reporting?.cancel()
        // It only spares the others a wait; Redis may be down.
        try? await registry.leave()
        await parts.close()
        return handedBack
    }

    /// Waits for Postgres also where the schema is somebody else's: a job taken sooner would come back. One that is down
    /// must not keep replies from going out: then the schema is looked at by whoever starts next, and rows wait.
    private func migrate() async {
        do {
            try await parts.postgres.waitUntilReady(within: .seconds(10))
            guard configuration.storage.autoMigrate else { return }
            for migration in try await Migrator(pool: parts.postgres).run() {
                log.info(.schemaMigrated, "Schema upgraded", [.version: .text("\(migration.version)")])
            }
        } catch {
            log.error(.postgresConnection, "Postgres cannot be asked at the start", [.error: .text("\(error)")])
        }
    }

    private var report: ProcessRegistry.Report {
        var report = ProcessRegistry.Report(role: "worker")
        report.processed = parts.jobs.count(.done)
        report.errors = parts.jobs.count(.dead)
        report.inFlight = loop.inFlight
        report.finishedPerSecond = parts.jobs.finishedPerSecond()
        report.circuitsOpen = parts.circuits.openCounts
        report.cacheHits = parts.businesses.hits
        report.cacheMisses = parts.businesses.misses
        report.cacheKeys = parts.businesses.keys
        return report
    }
}
