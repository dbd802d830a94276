import Native
import TestSupport
import Testing

@testable import Shared
@testable import Worker

/// A quarantine over a Redis of its own, whose processes are shell scripts that speak `QuarantineMessage`.
@LoopActor final class QuarantineFixture {
    let server: RedisServer
    let client: RedisClient
    let queue: RedisQueue
    let jobs: JobMetrics
    let folder: String
    private let metrics = Metrics()
    private let keeper: LeaseKeeper
    private var quarantine: Quarantine!

    /// Nobody listens there.
    static let noPostgres = PostgresPool(url: "postgresql://nobody@127.0.0.1:1/none")

    nonisolated static let ready = #"echo '{"ready":true}'; "#
    nonisolated static let started = #"echo '{"started":true}'; "#

    /// - Parameters:
    ///   - child: the script of each process; `$1` is a folder for its notes.
    ///   - suspects: how many the quarantine is told of.
    static func with(
        child: String, postgres: PostgresPool? = nil, suspects: Int = 1,
        _ body: @LoopActor (QuarantineFixture) async throws -> Void
    ) async throws {
        var options = RedisServer.Options()
        options.appendOnly = true
        options.more = ["--appendfsync", "always"]
        try await RedisServer.withClient(options) { server, client in
            let folder = try TemporaryFolder()
            defer { folder.remove() }
            let fixture = QuarantineFixture(server, client, postgres ?? noPostgres, folder.path, child, suspects)
            do {
                try await body(fixture)
            } catch {
                _ = await fixture.stop()
                throw error
            }
            _ = await fixture.stop()
        }
    }

    private init(
        _ server: RedisServer, _ client: RedisClient, _ postgres: PostgresPool, _ folder: String, _ child: String,
        _ suspects: Int
    ) {
        self.server = server
        self.client = client
        self.folder = folder
        var options = RedisQueue.Options()
        // A busy machine is not an outage.
        options.awayAfter = .seconds(3600)
        queue = RedisQueue(client: client, sharding: Sharding(count: 1), options: options)
        let log = Log(level: .error)
        jobs = JobMetrics(metrics)
        let runner = JobRunner(
            queue: queue, handlers: HandlerTable([:]), graves: Graves(pool: postgres, log: log), metrics: jobs,
            log: log,
            attempts: 8)
        keeper = LeaseKeeper(queue: queue, onLost: { _, _ in })
        var settings = Quarantine.Settings(worker: WorkerID("w1"), lease: .seconds(60), jobLimit: .seconds(600))
        settings.interval = .milliseconds(10)
        settings.launcher = ThisProgram.folder + "/LoopProbe"
        quarantine = Quarantine(
            queue: queue, runner: runner, keeper: keeper, settings: settings,
            command: ChildCommand("/bin/sh", ["-c", child, "sh", folder]), metrics: metrics, log: log,
            suspects: { suspects })
    }

    func start() { quarantine.start() }

    /// Returns how many jobs were handed back.
    func stop(within limit: Duration = .milliseconds(10)) async -> Int {
        let handedBack = await quarantine.stop(within: limit)
        keeper.stop()
        return handedBack
    }

    /// Enqueues a job, and has two workers die over it.
    func suspect(_ id: String) async throws {
        let job = Job(
            id: JobID(id), name: "test", lane: .default, tenant: TenantID("t"), conversation: ConversationID(id),
            payload: Array("{}".utf8))
        _ = try await queue.enqueue(job)
        for _ in 0..<2 {
            let plan = ClaimPlan(
                slots: 1, belowHigh: 1, belowDefault: 1, lanes: [.init(lane: .default, quota: 0, limit: 1)])
            _ = try await queue.claim(plan, from: 0, for: WorkerID("w0"), lease: .zero)
            try await eventually { try await self.queue.reap() == 1 }
        }
    }

    /// What a worker would be given.
    func claimSuspect() async throws -> Lease? {
        try await queue.claimSuspects(1, from: 0, for: WorkerID("w2")).leases.first
    }

    /// The lease that the quarantine has of a job.
    func lease(of id: String) async throws -> Lease? {
        let group = "default|t|\(id)"
        guard let token = try await client.send(RedisCommand("HGET", key("ls"), group)).text else { return nil }
        return try await queue.held(group, token: LeaseToken(rawValue: token), shard: 0, lease: .seconds(60))
    }

    /// Groups that wait to be tried again.
    func delayed() async throws -> Int { try await client.send(RedisCommand("ZCARD", key("dl"))).int ?? 0 }

    private func key(_ name: String) -> String { queue.keys(of: 0).prefix + name }

    /// Jobs that ended so in the quarantine.
    func ends(_ end: String) -> Int {
        let line = metrics.text.split(separator: "\n").first {
            $0.hasPrefix("rejoinder_quarantine_jobs_total{") && $0.contains("\"\(end)\"")
        }
        return line?.split(separator: " ").last.flatMap { Int($0) } ?? 0
    }

    /// Whether a script made a note of that name.
    func hasNote(_ name: String) -> Bool { SmallFile.read(folder + "/" + name) != nil }
}
