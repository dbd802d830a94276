import Native
import Shared
import TestSupport
import Testing

@Suite("Broadcasts", .onLoop, .serialized)
@LoopActor struct BroadcastTests {
    private let contacts = ["15550000001", "15550000002", "15550000003"]

    /// Runs `create` for `contacts`; returns the broadcast's number.
    private func create(_ text: String, _ system: Installation, to contacts: [String]) async throws -> Int {
        let folder = try TemporaryFolder(), file = folder.path + "/contacts.csv"
        defer { folder.remove() }
        try SmallFile.write(contacts.joined(separator: "\n"), to: file)
        let made = try await system.run(
            "broadcast", "create", "News", "--business", Installation.business, "--text", text, "--contacts", file,
            "--yes", "--json")
        #expect(made.status == 0, "\(made.errors)")
        let id = try JSON.read(Array(made.output.joined().utf8)) { $0["id"]?.int }
        return try #require(id)
    }

    /// Waits until the broadcast is done; returns how many recipients came to which end.
    private func ends(_ id: Int, _ system: Installation) async throws -> [Broadcast.RecipientStatus: Int] {
        try await system.withPool { pool in
            try await poll(within: .seconds(60), "the broadcast to be done") {
                let found = try await BroadcastStore(pool: pool).find(id, of: Installation.business)
                return found?.status == .done ? found?.recipients : nil
            }
        }
    }

    @Test func `goes to each contact once, and to none who has opted out until that one is back`() async throws {
        try await Installation.with { system in
            try await system.post("STOP", from: contacts[1], id: "B1")
            try await system.delivered(1, to: contacts[1])
            try await system.quiet()
            let first = try await create("We are open on Sunday.", system, to: contacts + contacts)
            #expect(try await ends(first, system) == [.sent: 2, .optedOut: 1])
            try await system.quiet()
            for contact in [contacts[0], contacts[2]] {
                #expect(try await system.delivered(to: contact).map(\.text) == ["We are open on Sunday."])
            }
            #expect(try await system.delivered(to: contacts[1]).count == 1)
            // The AI knows what the contact answers to.
            #expect(try await system.memory(of: contacts[0]).contains("We are open on Sunday."))
            try await system.post("Until when?", from: contacts[0], id: "B2")
            try await system.delivered(2, to: contacts[0])
            let rows = try await system.withPool { pool in
                try await pool.query(
                    "SELECT kind, status, body FROM messages WHERE direction = 'out' AND kind = 'broadcast' ORDER BY id"
                )
            }
            #expect(rows.map { $0.string("body") } == Array(repeating: "We are open on Sunday.", count: 2))
            try await system.post("START", from: contacts[1], id: "B3")
            try await system.delivered(2, to: contacts[1])
            try await system.quiet()
            let second = try await create("And on Monday.", system, to: contacts)
            #expect(try await ends(second, system) == [.sent: 3])
            #expect(try await system.delivered(to: contacts[1]).last?.text == "And on Monday.")
            let shown = try await system.run("broadcast", "show", "\(second)", "--business", Installation.business)
            #expect(shown.status == 0 && shown.output.contains("sent       3"))
        }
    }

    @Test func `a worker that dies over it leaves each contact with one text`() async throws {
        var options = Installation.Options()
        options.simulatorArguments = ["--ai-latency-ms", "20", "--gateway-latency-ms", "1500"]
        options.environment = ["JOB_LEASE_SECONDS": "5"]
        try await Installation.with(options) { system in
            let id = try await create("Once only", system, to: contacts)
            // Its sends are on their way when it dies.
            _ = try await system.withPool { pool in
                try await poll(within: .seconds(30), "texts to be queued") {
                    try await BroadcastStore(pool: pool).due().first { $0.queued == 3 }
                }
            }
            try await LoopActor.loop.sleep(for: .milliseconds(500))
            await system.workers[0].kill()
            try system.addWorker()
            #expect(try await ends(id, system) == [.sent: 3])
            for contact in contacts { #expect(try await system.delivered(to: contact).map(\.text) == ["Once only"]) }
        }
    }

    @Test func `in quiet hours none begins, and what was cancelled never does`() async throws {
        try await Installation.with { system in
            try await system.withPool { pool in
                _ = try await pool.query(
                    "UPDATE businesses SET settings = settings || '{\"quiet_hours\": \"00:00-23:59\"}'")
                _ = try await pool.query(
                    "UPDATE businesses SET timezone = 'Etc/GMT+12' WHERE extract(hour FROM now()) >= 23")
            }
            let id = try await create("Not at night", system, to: contacts)
            // A whole tick has looked at it.
            @LoopActor func ticks() -> Int {
                system.workers[0].lines.count { $0.contains("job_finished") && $0.contains("scheduled_broadcasts-") }
            }
            let before = ticks()
            try await poll(within: .seconds(60), "two ticks") { ticks() >= before + 2 ? true : nil }
            let cancelled = try await system.run("broadcast", "cancel", "\(id)", "--business", Installation.business)
            #expect(cancelled.status == 0)
            let again = try await system.run("broadcast", "cancel", "\(id)", "--business", Installation.business)
            #expect(again.status == 1)
            let found = try await system.withPool {
                try await BroadcastStore(pool: $0).find(id, of: Installation.business)
            }
            #expect(found?.status == .cancelled && found?.recipients == [.pending: 3])
            for contact in contacts { #expect(try await system.delivered(to: contact).isEmpty) }
        }
    }

    @Test func `without a terminal --yes is needed, and nobody is written to by mistake`() async throws {
        try await Installation.with { system in
            let unasked = try await system.run(
                "broadcast", "create", "N", "--business", Installation.business, "--text", "t", "--everybody")
            #expect(unasked.status == 64 && unasked.errors.joined().contains("--yes"))
            let nobody = try await system.run(
                "broadcast", "create", "N", "--business", Installation.business, "--text", "t", "--everybody", "--yes")
            #expect(nobody.status == 1 && nobody.errors.joined().contains("nobody"))
            let unknown = try await system.run(
                "broadcast", "create", "N", "--business", "nobody", "--text", "t", "--everybody", "--yes")
            #expect(unknown.status == 1 && unknown.errors.joined().contains("no business"))
            let list = try await system.run("broadcast", "list")
            #expect(list.output.count == 2 && list.output[1].contains("cancelled"))
        }
    }
}
