import Native
import Shared
import TestSupport
import Testing

extension Chaos {
    @Suite @LoopActor final class PostgresAway {
        private enum Way: String, CaseIterable {
            case frozen, killed

            func stop(_ postgres: PostgresServer) async throws {
                if self == .frozen { try postgres.pause() } else { try await postgres.stop() }
            }

            func start(_ postgres: PostgresServer) async throws {
                if self == .frozen { try postgres.resume() } else { try await postgres.start() }
            }
        }

        /// Contacts whose first message the AI refuses for good, with two more behind it.
        private static nonisolated let doomed = 3
        /// By what the state of Postgres was when they went out, from acceptance; ms.
        private var times: [String: [Int]] = [:]
        private var state = "there"

        @Test func `replies go on without Postgres, and its rows follow, each once and in order`() async throws {
            let ai = HTTPServer(endpoint: .tcp(host: "127.0.0.1", port: 0)) { [self] in await complete($0) }
            try ai.start()
            defer { ai.stop() }
            let postgres = try await PostgresServer.launch(isDurable: true)
            var options = Installation.Options.chaos(workers: 2, aiLatencyMS: 0)
            options.postgres = postgres
            options.environment["AI_URL"] = "http://127.0.0.1:\(ai.port)/v1"
            let outage = ChaosForm.pick(long: 60, short: 5), pause = 3
            let dead = Way.allCases.count * Self.doomed
            try await ChaosRun.run("Postgres away \(outage) s", options, expectedDead: dead) { run in
                run.log.expectsApologies = true
                watch(run.system)
                let span = Way.allCases.count * (outage + pause) + pause
                // Fewer for each than `replies_per_minute`.
                let steady = run.send(.init(conversations: 120, messages: span / 6, span: .seconds(span)))
                for way in Way.allCases {
                    try await LoopActor.loop.sleep(for: .seconds(pause))
                    state = way.rawValue
                    try await way.stop(postgres)
                    let unlucky = run.send(
                        .init(conversations: Self.doomed, messages: 3, span: .milliseconds(500)))
                    try await LoopActor.loop.sleep(for: .seconds(outage))
                    try await unlucky.finish()
                    try await answered(unlucky.accepted + steady.accepted, in: run)
                    try await way.start(postgres)
                    state = "there"
                }
                try await steady.finish()
                try await run.postgres.waitUntilReady(within: .seconds(20))
                try await run.system.quiet(within: .seconds(90))
                try await judgeRows(run)
                return ["there", "frozen", "killed"].map { "\($0): \(summary($0))" }
            }
            try await postgres.stop()
        }

        /// Says a message again, or refuses it.
        private func complete(_ request: HTTPRequest) async -> HTTPResponse {
            let text = (try? JSON.read(request.body) { $0["messages"]?.items.last?["content"]?.string }) ?? ""
            if Self.isRefused(text) { return .json(status: 400, body: #"{"error":{"message":"not that"}}"#) }
            try? await LoopActor.loop.sleep(for: .milliseconds(200))
            return .json(
                body: #"{"choices":[{"index":0,"message":{"role":"assistant","content":"You said: \#(text)"}}]}"#)
        }

        private static func isRefused(_ id: String) -> Bool {
            (1...Way.allCases.count).contains { number in
                (0..<doomed).contains { id == Senders.id(of: 0, from: Senders.contact(conversation: $0, of: number)) }
            }
        }

        private func watch(_ system: Installation) {
            system.watchWorkers { [self] line in
                guard line.contains(#""reply_sent""#) else { return }
                let took = try? JSON.read(Array(line.utf8)) { $0["total_ms"]?.double }
                times[state, default: []].append(Int(took ?? 0))
            }
        }

        private func summary(_ state: String) -> String {
            let times = (times[state] ?? []).sorted()
            guard let last = times.last else { return "no reply" }
            let middle = times[times.count / 2], high = times[times.count * 99 / 100]
            return "\(times.count) replies, p50 \(middle) ms, p99 \(high) ms, longest \(last) ms"
        }

        /// Waits until each of these was answered, or its contact has got the apology.
        private func answered(_ messages: [Verdict.Accepted], in run: ChaosRun) async throws {
            try await poll(within: .seconds(60), "answers while Postgres is \(state)") {
                try await run.log.read(waiting: .milliseconds(200))
                let answered = Set(run.log.seen.compactMap(\.answers)), sorry = Set(run.log.apologies)
                return messages.allSatisfy {
                    Self.isRefused($0.id) ? sorry.contains($0.contact) : answered.contains($0.id)
                } ? true : nil
            }
        }

        private func judgeRows(_ run: ChaosRun) async throws {
            try await run.log.read()
            #expect(run.log.apologies.count == Set(run.log.apologies).count)
            let accepted = Dictionary(grouping: run.accepted, by: \.contact).mapValues { $0.map(\.id) }
            let rows = try await run.postgres.query(
                """
                SELECT c.contact,
                    string_agg(m.provider_message_id, ' ' ORDER BY m.id) FILTER (WHERE m.direction = 'in') AS received,
                    string_agg(i.provider_message_id || ' ' || m.kind, ', ' ORDER BY m.id)
                        FILTER (WHERE m.direction = 'out') AS sent
                FROM messages m JOIN conversations c ON c.id = m.conversation_id
                    LEFT JOIN messages i ON i.id = m.in_reply_to[1] GROUP BY c.contact
                """)
            #expect(rows.count == accepted.count)
            for row in rows {
                let ids = accepted[row.string("contact")] ?? []
                #expect(row.string("received") == ids.joined(separator: " "))
                let sent = ids.map { $0 + (Self.isRefused($0) ? " apology" : " text") }
                #expect(row.string("sent") == sent.joined(separator: ", "))
            }
            let refused = run.accepted.map(\.id).filter(Self.isRefused).sorted()
            let dead = try await run.postgres.query("SELECT payload->>'message_id' AS id FROM dead_jobs ORDER BY 1")
            #expect(dead.map { $0.string("id") } == refused)
            let errors = try await run.postgres.query("SELECT message_id AS id FROM processing_errors ORDER BY 1")
            #expect(errors.map { $0.string("id") } == refused)
        }
    }
}
