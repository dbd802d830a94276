import Native
import Shared
import TestSupport
import Testing

/// What a contact gets when providers fail in the middle of a send: one text, whatever happens.
@Suite("Faults while a reply is sent", .onLoop, .serialized)
@LoopActor struct SendFaultTests {
    private struct Row {
        let fault: String
        let order: [ProviderName]
        /// Who delivers in the end.
        let by: ProviderName
    }

    /// A gateway has a second to answer, and two attempts.
    private static let rows = [
        // Before it delivered, and after.
        Row(fault: #"{"gateway":{"mode":"hang"}}"#, order: [.baileys, .twilio], by: .twilio),
        Row(fault: #"{"gateway":{"mode":"hang","count":1}}"#, order: [.baileys, .twilio], by: .baileys),
        Row(fault: #"{"gateway":{"mode":"deliver_then_hang"}}"#, order: [.baileys, .twilio], by: .baileys),
        Row(fault: #"{"gateway":{"mode":"close"}}"#, order: [.baileys, .twilio], by: .twilio),
        Row(fault: #"{"gateway":{"mode":"deliver_then_close"}}"#, order: [.baileys, .twilio], by: .baileys),
        Row(fault: #"{"gateway":{"mode":"deliver_then_garble"}}"#, order: [.baileys, .twilio], by: .baileys),
        Row(fault: #"{"gateway":{"mode":"error"}}"#, order: [.baileys, .twilio], by: .twilio),
        Row(fault: #"{"gateway":{"mode":"cannot_send"}}"#, order: [.baileys, .twilio], by: .twilio),
        Row(fault: #"{"gateway":{"mode":"rate_limited"}}"#, order: [.baileys, .twilio], by: .twilio),
        // It restarts: nothing is answered at all.
        Row(fault: #"{"gateway":{"mode":"close","calls":"all"}}"#, order: [.baileys, .twilio], by: .twilio),
        Row(fault: #"{"gateway":{"mode":"hang","calls":"all"}}"#, order: [.baileys, .twilio], by: .twilio),

        // It restarts and has lost its memory: the same id goes through it again, which a phone shows once.
        Row(fault: #"{"gateway":{"mode":"deliver_then_forget","count":1}}"#, order: [.baileys, .twilio], by: .baileys),

        Row(fault: #"{"twilio":{"mode":"rate_limited","count":1}}"#, order: [.twilio, .meta], by: .twilio),
        Row(fault: #"{"twilio":{"mode":"rate_limited"}}"#, order: [.twilio, .meta], by: .meta),
        Row(fault: #"{"twilio":{"mode":"error","count":2}}"#, order: [.twilio, .meta], by: .twilio),
        Row(fault: #"{"twilio":{"mode":"error"}}"#, order: [.twilio, .meta], by: .meta),
        Row(fault: #"{"twilio":{"mode":"close"}}"#, order: [.twilio, .meta], by: .meta),
        Row(fault: #"{"twilio":{"mode":"deliver_then_close"}}"#, order: [.twilio, .meta], by: .twilio),
        Row(fault: #"{"twilio":{"mode":"deliver_then_garble"}}"#, order: [.twilio, .meta], by: .twilio),
        Row(fault: #"{"twilio":{"mode":"rejected"}}"#, order: [.twilio, .meta], by: .meta),

        Row(fault: #"{"meta":{"mode":"rate_limited","count":1}}"#, order: [.meta, .twilio], by: .meta),
        Row(fault: #"{"meta":{"mode":"error"}}"#, order: [.meta, .twilio], by: .twilio),
        Row(fault: #"{"meta":{"mode":"rejected"}}"#, order: [.meta, .twilio], by: .twilio),

        // Its statuses tell.
        Row(fault: #"{"meta":{"mode":"deliver_then_close"}}"#, order: [.meta, .twilio], by: .meta),
        Row(fault: #"{"meta":{"mode":"deliver_then_garble"}}"#, order: [.meta, .twilio], by: .meta),

        // Switched off: nothing of it is set.
        Row(fault: "{}", order: [.waha, .twilio], by: .twilio),
    ]

    @Test func `one text arrives, by the provider that can bring it, whatever goes wrong`() async throws {
        var options = Installation.Options()
        options.environment = Installation.senders.merging(["BAILEYS_TIMEOUT_SECONDS": "1"]) { $1 }
        try await Installation.with(options) { system in
            let webhook =
                #"{"url":"http://127.0.0.1:\#(system.api.port)/webhook/meta","secret":"\#(Installation.metaSecret)"}"#
            _ = try await system.call("PUT", system.simulator, "/simulator/meta-webhook", body: webhook)
            for (number, row) in Self.rows.enumerated() {
                let contact = "1555000\(2000 + number)", story: Comment = "\(row.fault) \(row.order)"
                // Of its own, so that no row meets a circuit that another one opened.
                try await system.put("row\(number)", row.order) {
                    $0.metaPhoneNumberID = "1065403522429\(10 + number)"
                    $0.readMarks = false
                }
                try await system.fault(row.fault)
                try await system.post("hello", from: contact, id: "F\(number)", to: "row\(number)")
                try await system.delivered(1, to: contact, within: .seconds(40))
                try await system.quiet()
                _ = try await system.call("DELETE", system.simulator, "/simulator/faults")
                let texts = try await system.delivered(to: contact)
                #expect(Set(texts.map { "\($0.provider) \($0.id)" }).count == 1, story)
                #expect(texts.allSatisfy { $0.provider == row.by.rawValue }, story)
                #expect(texts.count == (row.fault.contains("forget") ? 2 : 1), story)
            }
            try await system.withPool { pool in
                let rows = try await pool.query(
                    "SELECT count(*) AS n, count(*) FILTER (WHERE unconfirmed) AS open FROM messages WHERE direction = 'out'"
                )
                #expect(rows[0].int("n") == Self.rows.count && rows[0].int("open") == 0)
            }
        }
    }

    /// At which a worker dies.
    private enum Moment: String, CaseIterable {
        /// Nothing recorded.
        case askingTheAI = #"{"ai":{"mode":"hang"}}"#
        /// The answer recorded.
        case askingForTheState = #"{"gateway":{"mode":"hang","calls":"all"}}"#
        /// `sending` recorded, and nothing sent.
        case sending = #"{"gateway":{"mode":"hang"}}"#
        /// `sending` recorded, and it is out.
        case sent = #"{"gateway":{"mode":"deliver_then_hang"}}"#
        /// `sent` recorded; no row, and the job not ended.
        case recorded = "{}"

        /// Whose calls tell that it has come; nil: another sign does.
        var service: StaticString? {
            switch self {
            case .askingTheAI: "ai"
            case .askingForTheState, .sending: "gateway"
            case .sent, .recorded: nil
            }
        }
    }

    private func faults(_ service: StaticString, _ system: Installation) async throws -> Int {
        let stats = try await system.call("GET", system.simulator, "/simulator/stats")
        return try JSON.read(stats.body) { $0[service]?["faults"]?.int ?? 0 }
    }

    @Test func `one text arrives although its worker dies, at each recorded step`() async throws {
        var options = Installation.Options()
        options.environment = ["JOB_LEASE_SECONDS": "3"]
        try await Installation.with(options) { system in
            try await system.put(Installation.business, [.baileys, .twilio]) { $0.readMarks = false }
            for (number, moment) in Moment.allCases.enumerated() {
                let contact = "1555000\(3000 + number)", story: Comment = "\(moment)"
                let before = try await faults(moment.service ?? "ai", system)
                try await system.fault(moment.rawValue)
                try await system.withPool { pool in
                    try await pool.transaction { transaction in
                        // Rows cannot be written meanwhile.
                        if moment == .recorded { _ = try await transaction.query("LOCK TABLE messages") }
                        try await system.post("hello", from: contact, id: "K\(number)")
                        if let service = moment.service {
                            try await poll(within: .seconds(20), "\(moment)") {
                                try await self.faults(service, system) > before ? true : nil
                            }
                        } else {
                            try await system.delivered(1, to: contact)
                        }
                        if moment == .recorded { try await system.workers[0].line(containing: "reply_sent") }
                        await system.workers[0].kill()
                    }
                }
                _ = try await system.call("DELETE", system.simulator, "/simulator/faults")
                try system.replaceEndedWorkers()
                try await system.workers[0].started()
                try await system.delivered(1, to: contact, within: .seconds(40))
                try await system.quiet(within: .seconds(40))
                let texts = try await system.delivered(to: contact)
                #expect(texts.count == 1 && texts[0].provider == "baileys", story)
            }
            try await system.withPool { pool in
                let rows = try await pool.query(
                    "SELECT count(*) AS n, count(*) FILTER (WHERE unconfirmed) AS open FROM messages WHERE direction = 'out'"
                )
                #expect(rows[0].int("n") == Moment.allCases.count && rows[0].int("open") == 0)
            }
        }
    }

    @Test func `a gateway that fails again and again is left alone, by all workers, and everybody can see it`()
        async throws
    {
        var options = Installation.Options()
        options.workers = 2
        try await Installation.with(options) { system in
            try await system.put(Installation.business, [.baileys, .twilio]) { $0.readMarks = false }
            try await system.fault(#"{"gateway":{"mode":"error"}}"#)
            for number in 0..<5 {
                try await system.post("hello", from: "1555000\(4000 + number)", id: "C\(number)")
                try await system.delivered(number + 1)
            }
            let health = try await poll(within: .seconds(20), "the open circuit to be told") {
                let answer = try await system.get("/api/webhook/health")
                let open = try JSON.read(answer.body) { $0["providers"]?["baileys"]?["circuitsOpen"]?.int }
                return open == 1 ? answer : nil
            }
            #expect(health.status == 200)
            #expect(system.workers.flatMap(\.lines).count { $0.contains(#""event":"circuit_opened","msg":"The"#) } == 1)
            // Each worker has heard of it.
            try await poll(within: .seconds(20), "the other worker to hear of it") {
                system.workers.allSatisfy { $0.lines.contains { $0.contains("circuit_opened") } } ? true : nil
            }
            let before = try await faults("gateway", system)
            for number in 0..<10 { try await system.post("hello", from: "1555000\(5000 + number)", id: "D\(number)") }
            let texts = try await system.delivered(15)
            #expect(texts.allSatisfy { $0.provider == "twilio" })
            #expect(try await faults("gateway", system) == before)
        }
    }
}
