import Native
import Shared

/// Enqueues due ticks, takes over expired leases, promotes delayed jobs and audits the queue, while it leads.
@LoopActor struct ScheduleRunner {
    /// Between two passes: expired leases, delayed jobs, due ticks.
    nonisolated static let pause: Duration = .seconds(1)
    /// Scripts of a kind that one pass runs in a shard at most: 1000 leases or delayed jobs, in some 10 ms of Redis.
    private static let rounds = 10

    let leadership: Leadership
    let queue: RedisQueue
    let auditor: Auditor
    let jobs: [PeriodicJob]
    let metrics: Metrics
    let log: Log

    init(
        leadership: Leadership, queue: RedisQueue, auditor: Auditor, jobs: [PeriodicJob], metrics: Metrics, log: Log
    ) {
        self.leadership = leadership
        self.queue = queue
        self.auditor = auditor
        self.jobs = jobs
        self.metrics = metrics
        self.log = log
        // There from the start: of a counter that begins with 1 no alert sees that it grew.
        _ = metrics.counter(.leasesReaped)
        for kind in Repair.Kind.allCases { _ = metrics.counter(.queueRepairs, [.kind: kind.rawValue]) }
        for job in jobs {
            for word in EnqueueResult.words { _ = metrics.counter(.scheduleTicks, [.job: job.name, .outcome: word]) }
        }
    }

    /// Runs until cancelled. A failed pass is logged and the next one tries again.
    func run() async {
        while !Task.isCancelled {
            do {
                try await runOnce()
            } catch {
                log.warning(.scheduleTick, "Scheduler pass failed", [.error: .text("\(error)")])
            }
            try? await LoopActor.loop.sleep(for: Self.pause)
        }
    }

    /// One pass. Returns the names of the jobs that were enqueued; empty for a standby.
    @discardableResult
    func runOnce() async throws -> [String] {
        guard let term = try await leadership.lead() else { return [] }
        try await takeOver()
        let enqueued = try await enqueueDue(term)
        try await audit()
        return enqueued
    }

    /// A repair is a fault that somebody has to explain. Its subject is told at debug level, for it may name a contact.
    private func audit() async throws {
        for repair in try await auditor.pass() {
            metrics.counter(.queueRepairs, [.kind: repair.kind.rawValue]).increment()
            log.error(
                .queueRepaired, "The queue's keys were wrong and are repaired", [.kind: .text(repair.kind.rawValue)])
            log.debug(.queueRepaired, "What was repaired", [.text: .text(repair.subject)])
        }
    }

    private func takeOver() async throws {
        let reaped = try await queue.reap(rounds: Self.rounds)
        if reaped > 0 {
            metrics.counter(.leasesReaped).increment(by: Double(reaped))
            log.warning(.leasesReaped, "Leases of silent workers taken over", [.count: .int(reaped)])
        }
        _ = try await queue.promote(rounds: Self.rounds)
    }

    /// Enqueued first and remembered then: a crash between the two repeats an enqueue, which dedupe drops.
    private func enqueueDue(_ term: Leadership.Term) async throws -> [String] {
        let last = try await leadership.lastTicks()
        var enqueued: [String] = []
        for job in jobs {
            guard let tick = job.due(at: term.now, last: last[job.name]) else { continue }
            let result = try await enqueue(job.job(tick: tick))
            guard try await leadership.remember(tick, of: job.name, term) else { break }
            metrics.counter(.scheduleTicks, [.job: job.name, .outcome: result.word]).increment()
            if result == .accepted { enqueued.append(job.name) }
            log.debug(.scheduleTick, "Tick", [.job: .text(job.name), .status: .text(result.word)])
        }
        return enqueued
    }

    /// What a full Redis refuses is left out, as what is shed before: the next tick makes up for it.
    private func enqueue(_ job: Job) async throws(QueueError) -> EnqueueResult {
        do throws(QueueError) { return try await queue.enqueue(job) } catch .memoryFull { return .full(.memory) }
    }
}

extension EnqueueResult {
    fileprivate static let words = ["accepted", "duplicate", "full"]

    /// For metrics and logs: one of `words`.
    fileprivate var word: String {
        switch self {
        case .accepted: "accepted"
        case .duplicate: "duplicate"
        case .full: "full"
        }
    }
}
