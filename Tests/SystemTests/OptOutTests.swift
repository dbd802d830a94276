import Native
import Shared
import TestSupport
import Testing

@Suite("Opting out", .onLoop, .serialized)
@LoopActor struct OptOutTests {
    private let contact = "15550001111"

    /// How the contact stands in the table; nil: no row.
    private func isOut(_ system: Installation) async throws -> Bool? {
        try await system.withPool { pool in
            let rows = try await pool.query(
                "SELECT ended_at IS NULL AS is_out FROM opt_outs WHERE contact = $1", [.text(contact)])
            return rows.first?.bool("is_out")
        }
    }

    @Test func `a word opts out, is confirmed once in the contact's language, and another one brings back`()
        async throws
    {
        try await Installation.with { system in
            try await system.post("הסר!", from: contact, id: "O1")
            let first = try await system.delivered(1, to: contact)
            #expect(first[0].text.hasPrefix("לא נשלח לך") && first[0].text.contains("הצטרפות"))
            try await system.quiet()
            #expect(try await isOut(system) == true)
            // Once is enough.
            try await system.post("STOP", from: contact, id: "O2")
            try await system.quiet()
            #expect(try await system.delivered(to: contact).count == 1)
            // Who writes is answered as ever.
            try await system.post("Where is my parcel?", from: contact, id: "O3")
            let second = try await system.delivered(2, to: contact)
            #expect(second[1].text.contains("Where is my parcel?"))
            try await system.post("START", from: contact, id: "O4")
            let third = try await system.delivered(3, to: contact)
            #expect(third[2].text == "You will get our announcements again.")
            try await system.quiet()
            #expect(try await isOut(system) == false)
            // To whom nothing was ever stopped, the word is an ordinary one.
            try await system.post("START", from: "15550002222", id: "O5")
            #expect(try await system.delivered(1, to: "15550002222")[0].text.contains("START"))
            let kinds = try await system.withPool { pool in
                try await pool.query("SELECT kind, status FROM messages WHERE direction = 'out' ORDER BY id")
                    .map { $0.string("kind") }
            }
            #expect(kinds == ["opt_out", "text", "opt_in", "text"])
        }
    }

    @Test func `while Postgres is down the confirmation goes out, and the row follows`() async throws {
        let postgres = try await PostgresServer.launch()
        var options = Installation.Options()
        options.postgres = postgres
        try await Installation.with(options) { system in
            try await system.post("before", from: contact, id: "P0")
            try await system.delivered(1, to: contact)
            try await system.quiet()
            // This server commits without waiting for its disk, and is stopped as by a crash: the schema must survive it.
            try await system.withPool { _ = try await $0.query("CHECKPOINT") }
            try await postgres.stop()
            try await system.post("STOP", from: contact, id: "P1")
            let texts = try await system.delivered(2, to: contact, within: .seconds(60))
            #expect(texts[1].text.hasPrefix("You will not get any more announcements"))
            try await postgres.start()
            try await system.quiet(within: .seconds(60))
            #expect(try await isOut(system) == true)
            #expect(try await system.delivered(to: contact).count == 2)
        }
        try await postgres.stop()
    }
}
