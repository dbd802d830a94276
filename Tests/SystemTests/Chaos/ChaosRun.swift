import Foundation
import Native
import Shared
import TestSupport
import Testing

/// One scenario under way: the installation, the witness, and those who send.
@LoopActor final class ChaosRun {
    let system: Installation
    let log: SimulatorLog
    var random: SplitMix

    let postgres: PostgresPool
    private var senders: [Senders] = []

    /// Runs a scenario to its verdict, prints that in one line, and fails unless it is clean and the queue's keys
    /// are sound.
    ///
    /// - Parameters:
    ///   - expectedDead: messages that must end as dead.
    ///   - body: returns what is to be told beside the verdict, when nothing more will be done to the processes.
    static func run(
        _ name: String, _ options: Installation.Options, expectedDead: Int = 0,
        _ body: @LoopActor (ChaosRun) async throws -> [String]
    ) async throws {
        let seed = Environment.number("CHAOS_SEED") ?? .random(in: 1...999_999)
        let start = MonotonicInstant.now()
        try await Installation.with(options) { system in
            let run = try await ChaosRun(system, seed: seed)
            do {
                let notes = try await body(run)
                let isSettled = try await run.settle()
                let verdict = try await run.verdict(), repairs = try await run.repairs()
                let took = Int((MonotonicInstant.now() - start).milliseconds / 1000)
                let faults = repairs.isEmpty ? [] : ["\(repairs.count) repairs of the queue's keys"]
                let details = ["\(took) s"] + notes + faults + ["seed \(seed)"]
                say("chaos: \(name) — \(verdict) (\(details.joined(separator: ", ")))")
                #expect(isSettled, "jobs are left in the queue")
                #expect(verdict.isClean(dead: expectedDead), "\(verdict.faults.prefix(20))")
                #expect(repairs.isEmpty)
                let isGood = isSettled && verdict.isClean(dead: expectedDead) && repairs.isEmpty
                if !isGood || Environment.number("CHAOS_LOGS") == 1 { system.keepLogs() }
            } catch {
                say("chaos: \(name) — did not end: \(error); seed \(seed)")
                system.keepLogs()
                await run.end()
                throw error
            }
            await run.end()
        }
    }

    private init(_ system: Installation, seed: UInt64) async throws {
        self.system = system
        log = SimulatorLog(system)
        random = SplitMix(seed: seed)
        postgres = PostgresPool(url: system.database)
        postgres.start()
        try await postgres.waitUntilReady(within: .seconds(10))
    }

    private func end() async {
        for one in senders { one.stop() }
        await postgres.close()
    }

    /// Starts senders; the scenario does not end before all they send is accepted.
    @discardableResult
    func send(_ plan: Senders.Plan) -> Senders {
        let started = Senders(system, plan, number: senders.count, random: &random)
        senders.append(started)
        return started
    }

    /// Messages that were accepted so far; those of a contact in order.
    var accepted: [Verdict.Accepted] { senders.flatMap(\.accepted) }

    /// What the witness and Postgres say now.
    func verdict() async throws -> Verdict {
        try await log.read()
        let rows = try await postgres.query("SELECT coalesce(payload->>'message_id', id) AS id FROM dead_jobs")
        let dead = Set(rows.compactMap { $0.optionalString("id") })
        return Verdict(accepted: accepted, seen: log.seen, dead: dead)
    }

    /// The ids of jobs with a row in `dead_jobs`.
    func deadJobs() async throws -> [String] {
        try await postgres.query("SELECT id FROM dead_jobs").map { $0.string("id") }
    }

    /// What the schedulers' audits had to repair, and what one of the whole queue still finds.
    private func repairs() async throws -> [String] {
        let client = try await system.redis.client()
        defer { client.close() }
        var options = Auditor.Options()
        options.scannedKeys = 1_000_000
        let found = try await Auditor(queue: RedisQueue(client: client), options: options).pass()
        let logged = system.services.flatMap(\.lines).filter { $0.contains(#""queue_repaired""#) }
        return logged + found.map { "\($0.kind) \($0.subject)" }
    }

    /// Waits until so many texts reached contacts.
    func delivered(_ count: Int, within limit: Duration = .seconds(60)) async throws {
        try await poll(within: limit, "\(count) texts at all contacts") {
            try await self.log.read(waiting: .milliseconds(200))
            return self.log.seen.count >= count ? true : nil
        }
    }

    /// Waits until everything was accepted, then answered or dead, and no job is left; then ends the workers, so that
    /// none sends anything after the count. False if the messages do not come to their end.
    private func settle(within limit: Duration = .seconds(120)) async throws -> Bool {
        for one in senders { try await one.finish() }
        do {
            try await poll(within: limit, "an end of every message") {
                try await self.log.read(waiting: .milliseconds(500))
                return try await self.verdict().lost == 0 ? true : nil
            }
            try await system.quiet(within: .seconds(60))
        } catch is NeverHappened { return false }
        let running = system.services.filter { $0.name == "rejoinder-worker" && !$0.hasEnded }
        for worker in running { worker.signal(.terminate) }
        for worker in running {
            let exit = try await worker.exit()
            #expect(exit == .code(0))
        }
        return true
    }

    /// Past every buffer, so that a reader of a log sees it at once.
    static func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
}

extension Senders {
    /// The posts that were repeated, in words.
    var repeatsText: String {
        let all = repeats.sorted { $0.key < $1.key }.map { "\($1) × \($0 == 0 ? "no answer" : "\($0)")" }
        return all.isEmpty ? "no post repeated" : "posts repeated: " + all.joined(separator: ", ")
    }
}
