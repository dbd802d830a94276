import Shared
import TestSupport
import Testing

@testable import Native

/// A worker that dies (SIGKILL) at any step that it records, before Redis has the step and after: each time another one
/// takes over, and the contact gets each text once and in order, the next message's reply last.
@Suite("A worker's death at each recorded step", .onLoop, .serialized)
@LoopActor final class DeathAtEachStepTests {
    /// A conversation of its own for each death, all at once: a worker that has a single job stands at its stop until it
    /// is killed, so that there is one worker for each.
    private struct Death: Sendable {
        let contact: String
        let exchange: MortalExchange
        let stop: StepGate.Stop

        static let all = MortalExchange.allCases.flatMap { exchange in exchange.stops.map { (exchange, $0) } }
            .enumerated().map { number, death in
                Death(contact: "1555000\(1000 + number)", exchange: death.0, stop: death.1)
            }

        var name: String {
            "\(exchange.rawValue), \(stop.isRecorded ? "after" : "before") \(exchange.steps[stop.step])"
        }
    }

    private let gate = StepGate(Dictionary(uniqueKeysWithValues: Death.all.map { ($0.contact, $0.stop) }))
    private var proxies: [TCPProxy] = []

    @Test func `leaves each text sent once and in order, and the next message's reply behind them`() async throws {
        let ai = try TalkingAI()
        defer { ai.stop() }
        var options = Installation.Options()
        options.workers = 0
        options.environment = ["JOB_LEASE_SECONDS": "3", "AI_URL": "http://127.0.0.1:\(ai.port)/v1"]
        try await Installation.with(options) { system in
            ai.watch { try await !system.delivered(to: $0).isEmpty }
            try await load(system)
            for limit in [1, 60] { try await die(Death.all.filter { $0.exchange.limit == limit }, limit, system) }
            // The limit is none for the next messages.
            try system.addWorker(changing: ["AI_TIMEOUT_SECONDS": "60"])
            try await system.delivered(
                Death.all.reduce(0) { $0 + $1.exchange.texts.count + 1 }, within: .seconds(60))
            try await system.quiet()
            for death in Death.all { try await judge(death, system) }
            try await judgeRows(system)
        }
        proxies = []
    }

    /// The first to use a script would send it twice.
    private func load(_ system: Installation) async throws {
        let client = try await system.redis.client()
        defer { client.close() }
        for script in RecordedStep.scripts {
            let loaded = try await client.send(
                RedisCommand("SCRIPT", "LOAD", String(decoding: script.source, as: UTF8.self)))
            #expect(loaded.text == script.sha1)
        }
    }

    /// Has each message worked on by a worker of its own, which is killed as soon as it stands.
    private func die(_ deaths: [Death], _ limit: Int, _ system: Installation) async throws {
        let first = proxies.count
        for number in first..<first + deaths.count {
            let gate = gate
            let proxy = try TCPProxy(to: system.redis.port) { gate.watch(number) }
            proxies.append(proxy)
            try system.addWorker(
                changing: [
                    "REDIS_URL": "redis://127.0.0.1:\(proxy.port)/0", "WORKER_CONCURRENCY": "1", "AUTO_MIGRATE": "0",
                    "AI_TIMEOUT_SECONDS": "\(limit)",
                ])
        }
        for worker in system.workers[first...] { try await worker.started() }
        for death in deaths {
            try await system.post("\(death.exchange.rawValue) \(death.contact)", from: death.contact, id: death.contact)
            try await system.post("next \(death.contact)", from: death.contact, id: "\(death.contact)N")
        }
        var alive = Set(first..<first + deaths.count)
        try await poll(within: .seconds(60), "every worker to stand at its stop") {
            for worker in self.gate.standing.intersection(alive) {
                await system.workers[worker].kill()
                alive.remove(worker)
            }
            return alive.isEmpty ? true : nil
        }
    }

    private func judge(_ death: Death, _ system: Installation) async throws {
        #expect(
            gate.steps(of: death.contact) == Array(death.exchange.steps.prefix(death.stop.step + 1)),
            "unknown step: \(death.name)")
        let texts = try await system.delivered(to: death.contact).map(\.text)
        let expected = death.exchange.texts + ["Next: \(death.contact)"]
        #expect(
            texts.count == expected.count && zip(texts, expected).allSatisfy { $0.hasPrefix($1) },
            "\(death.name): \(texts.map { $0.prefix(40) })")
    }

    private func judgeRows(_ system: Installation) async throws {
        try await system.withPool { pool in
            let rows = try await pool.query(
                """
                SELECT c.contact, string_agg(m.kind, ' ' ORDER BY m.id) AS kinds
                FROM messages m JOIN conversations c ON c.id = m.conversation_id GROUP BY c.contact
                """)
            let kinds = Dictionary(uniqueKeysWithValues: rows.map { ($0.string("contact"), $0.string("kinds")) })
            for death in Death.all {
                let expected = (death.exchange.kinds + ["text", "text"]).joined(separator: " ")
                #expect(kinds[death.contact] == expected, "\(death.name)")
            }
            let dead = Death.all.filter(\.exchange.isDead).map(\.contact).sorted()
            for table in ["dead_jobs", "processing_errors"] {
                let messages = table == "dead_jobs" ? "payload->>'message_id'" : "message_id"
                let rows = try await pool.query("SELECT \(messages) AS message FROM \(table) ORDER BY 1")
                #expect(rows.map { $0.string("message") } == dead, "\(table)")
            }
        }
    }
}
