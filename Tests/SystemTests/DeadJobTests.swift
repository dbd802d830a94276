import Native
import Shared
import TestSupport
import Testing

@Suite("Dead jobs, from end to end", .onLoop, .serialized)
@LoopActor struct DeadJobTests {
    private static let contact = "15550001111"

    private func withPool(_ system: Installation, _ body: (PostgresPool) async throws -> Void) async throws {
        let pool = PostgresPool(url: system.database)
        pool.start()
        try await pool.waitUntilReady(within: .seconds(10))
        do { try await body(pool) } catch {
            await pool.close()
            throw error
        }
        await pool.close()
    }

    /// Posts a message that the AI refuses for good. Returns the id of the dead job.
    private func die(_ system: Installation, _ text: String, _ id: String) async throws -> String {
        try await system.fault(#"{"ai":{"mode":"rejected"}}"#)
        try await system.post(text, from: Self.contact, id: id)
        try await system.quiet()
        let list = try await system.run("dead", "list", "--json", "--since", "1h")
        #expect(list.status == 0 && list.errors == [])
        let ids = try JSON.read(Array(list.output.joined().utf8)) { $0.items.compactMap { $0["id"]?.string } }
        #expect(ids.count == 1 && !list.output.joined().contains(text))
        return try #require(ids.first)
    }

    @Test func `a dead job that is replayed gets its answer out, once, and no second apology`() async throws {
        var options = Installation.Options()
        options.environment = ["AI_FOLLOW_UP_SECONDS": "0"]
        try await Installation.with(options) { system in
            let id = try await die(system, "Where is my parcel?", "D1")
            let stopGap = try await system.delivered(to: Self.contact)
            #expect(stopGap.count == 1 && stopGap[0].text.hasPrefix("Sorry"))
            let shown = try await system.run("dead", "show", id)
            #expect(shown.status == 0 && shown.output.contains { $0.contains("Where is my parcel?") })
            #expect(shown.output.contains { $0.hasPrefix("  send.apology.0: ") })
            // Sent so long ago that it would not be answered any more.
            try await withPool(system) { pool in
                try await pool.query("UPDATE dead_jobs SET payload = jsonb_set(payload, '{sent_at}', '1000')")
            }

            _ = try await system.call("DELETE", system.simulator, "/simulator/faults")
            let replayed = try await system.run("dead", "replay", id)
            #expect(replayed.status == 0 && replayed.output == ["Replayed \(id)"])
            let texts = try await system.delivered(2, to: Self.contact)
            #expect(texts[1].text.contains("Where is my parcel?"))
            try await system.quiet()
            try await withPool(system) { pool in
                let dead = try await pool.query("SELECT replayed_at FROM dead_jobs")
                #expect(dead.map { $0.optionalTime("replayed_at") != nil } == [true])
                let rows = try await pool.query("SELECT direction, kind, status FROM messages ORDER BY id")
                #expect(rows.map { $0.string("kind") } == ["text", "apology", "follow_up"])
                #expect(rows[0].string("status") == "answered")
            }

            let again = try await system.run("dead", "replay", id)
            #expect(again.status == 0 && again.output == ["Passed over \(id): it was replayed before"])
            try await system.post("Thanks", from: Self.contact, id: "D2")
            try await system.delivered(3, to: Self.contact)
            try await system.quiet()
            #expect(try await system.delivered().count == 3)
            let list = try await system.run("dead", "list")
            #expect(list.output == ["No dead job."])
        }
    }

    @Test func `an answer to a replay may be late, and no second stop-gap text comes before it`() async throws {
        var options = Installation.Options()
        options.environment = ["AI_TIMEOUT_SECONDS": "2"]
        try await Installation.with(options) { system in
            let id = try await die(system, "Where is it?", "D1")
            try await system.fault(#"{"ai":{"mode":"ok","latency_ms":4000}}"#)
            let replayed = try await system.run("dead", "replay", id)
            #expect(replayed.status == 0)
            let texts = try await system.delivered(2, to: Self.contact)
            #expect(texts[1].text.contains("Where is it?"))
            try await system.quiet()
            #expect(try await system.delivered().count == 2)
        }
    }

    @Test func `a replay that dies again apologises no second time, and waits for an operator again`() async throws {
        try await Installation.with { system in
            let id = try await die(system, "Hello?", "D1")
            let first = try await system.run("dead", "replay", "--business", Installation.business, "--yes", "--json")
            #expect(first.status == 0 && first.output == [#"[{"id":"\#(id)","outcome":"replayed"}]"#])
            try await poll(within: .seconds(20), "the job to die again") {
                let list = try await system.run("dead", "list", "--json")
                return list.output == ["[]"] ? nil : true
            }
            try await system.quiet()
            #expect(try await system.delivered().count == 1)
        }
    }

    @Test func `a discard needs a yes, and then the job is gone for good`() async throws {
        try await Installation.with { system in
            let id = try await die(system, "Hello?", "D1")
            let refused = try await system.run("dead", "discard", id)
            #expect(refused.status == 64)
            #expect(refused.errors == ["rejoinder: nobody can be asked here: add --yes to go on unasked"])
            let kept = try await system.run("dead", "show", id)
            #expect(kept.status == 0)
            let discarded = try await system.run("dead", "discard", id, "--yes")
            #expect(discarded.status == 0 && discarded.output == ["Discarded \(id)"])
            for words in [["show"], ["replay"], ["discard", "--yes"]] {
                let command = try OperatorCommandUnderTest(["dead"] + words + [id], system.environment)
                #expect(try await command.status() == 1)
                #expect(command.errors.joined().contains("there is no"))
            }
        }
    }

    @Test func `without a database or Redis the reason is told`() async throws {
        try await Installation.with { system in
            let id = try await die(system, "Hello?", "D1")
            let list = try await system.run("dead", "list", changing: ["DATABASE_URL": "postgres://127.0.0.1:9/none"])
            #expect(list.status == 1 && list.errors.first?.hasPrefix("rejoinder: the database cannot be") == true)
            let replay = try await system.run("dead", "replay", id, changing: ["REDIS_URL": "redis://127.0.0.1:9"])
            #expect(replay.status == 1 && replay.errors.first?.hasPrefix("rejoinder: Redis cannot be") == true)
            let shown = try await system.run("dead", "show", id, "--json")
            #expect(shown.output.joined().contains(#""replayed_at":null"#))
        }
    }
}
