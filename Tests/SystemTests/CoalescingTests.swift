import Native
import Shared
import TestSupport
import Testing

@Suite("Messages answered together", .onLoop, .serialized)
@LoopActor final class CoalescingTests {
    /// What the AI was told since the conversation began, of each call: the user's messages.
    private var calls: [[String]] = []
    /// Calls that are not answered until they are let go.
    private var held = 0
    private var letGo = OneShot<Void>()

    private static let contact = "15550001111"

    /// With an AI that says what it was told.
    private func with(
        coalesceMS: Int, _ environment: [String: String] = [:],
        _ body: @LoopActor (Installation) async throws -> Void
    ) async throws {
        let ai = HTTPServer(endpoint: .tcp(host: "127.0.0.1", port: 0)) { [self] request in
            let turns = try? JSON.read(request.body) { json in
                json["messages"]?.items.filter { $0["role"]?.string == "user" }.compactMap { $0["content"]?.string }
            }
            // Adjacent ones are told as one turn, a line each.
            calls.append((turns ?? []).flatMap { $0.split(separator: "\n").map(String.init) })
            if held > 0 {
                held -= 1
                try? await letGo.value
            }
            var answer = JSONWriter()
            answer.beginObject()
            answer.key("choices")
            answer.beginArray()
            answer.beginObject()
            answer.key("message")
            answer.beginObject()
            answer.field("role", "assistant")
            answer.field("content", "Told: " + (calls.last ?? []).joined(separator: " + "))
            answer.endObject()
            answer.field("finish_reason", "stop")
            answer.endObject()
            answer.endArray()
            answer.endObject()
            return .json(status: 200, body: answer.text)
        }
        try ai.start()
        defer {
            letGo.resolve(())
            ai.stop()
        }
        var options = Installation.Options()
        options.environment = ["AI_URL": "http://127.0.0.1:\(ai.port)/v1", "JOB_LEASE_SECONDS": "3"]
            .merging(environment) { $1 }
        try await Installation.with(options) { system in
            try await system.put(Installation.business, [.baileys]) { $0.coalesceMS = coalesceMS }
            try await body(system)
        }
    }

    private func texts(_ system: Installation) async throws -> [String] {
        try await system.delivered(to: Self.contact).map(\.text)
    }

    /// Message ids with what they became, in order of acceptance; and which of them the replies answer.
    private func rows(_ system: Installation) async throws -> (inbound: [String], answered: [[String]]) {
        try await system.withPool { pool in
            let rows = try await MessageStore(pool: pool).recentMessages(
                business: Installation.business, contact: Self.contact, limit: 50)
            let names = Dictionary(
                uniqueKeysWithValues: rows.filter { $0.direction == .inbound }.map {
                    ($0.id, $0.providerMessageID ?? "")
                })
            return (
                rows.filter { $0.direction == .inbound }.map { "\($0.providerMessageID ?? "") \($0.status)" },
                rows.filter { $0.direction == .outbound }.map { $0.inReplyTo.map { names[$0] ?? "?" } }
            )
        }
    }

    @Test func `what comes before the pause gets one answer, and each message its row`() async throws {
        try await with(coalesceMS: 1000) { system in
            for (index, text) in ["Do you", "have", "pens?"].enumerated() {
                try await system.post(text, from: Self.contact, id: "M\(index)")
            }
            try await system.delivered(1, to: Self.contact)
            try await system.quiet()
            #expect(calls == [["Do you", "have", "pens?"]])
            #expect(try await texts(system) == ["Told: Do you + have + pens?"])
            let rows = try await rows(system)
            #expect(rows.inbound == ["M0 answered", "M1 answered", "M2 answered"])
            #expect(rows.answered == [["M0", "M1", "M2"]])
            // A repeat of one of them is known.
            try await system.post("have", from: Self.contact, id: "M1")
            // It is remembered once, and what comes later is a question of its own.
            try await system.post("And ink?", from: Self.contact, id: "M3")
            try await system.delivered(2, to: Self.contact)
            try await system.quiet()
            #expect(calls.count == 2 && calls.last == ["Do you", "have", "pens?", "And ink?"])
        }
    }

    @Test func `a newer message cancels the call that is under way`() async throws {
        try await with(coalesceMS: 100) { system in
            held = 1
            try await system.post("Transfer 100 to John", from: Self.contact, id: "M0")
            try await poll(within: .seconds(20), "the AI to be asked") { self.calls.isEmpty ? nil : true }
            try await system.post("Cancel that", from: Self.contact, id: "M1")
            let delivered = try await system.delivered(1, to: Self.contact)
            try await system.quiet()
            #expect(delivered.map(\.text) == ["Told: Transfer 100 to John + Cancel that"])
            #expect(calls == [["Transfer 100 to John"], ["Transfer 100 to John", "Cancel that"]])
            #expect(try await rows(system).answered == [["M0", "M1"]])
        }
    }

    @Test func `a worker that takes over answers together what its forerunner had merged`() async throws {
        try await with(coalesceMS: 300) { system in
            held = 1
            try await system.post("Do you have pens?", from: Self.contact, id: "M0")
            try await system.post("Blue ones", from: Self.contact, id: "M1")
            try await poll(within: .seconds(20), "the AI to be asked") { self.calls.isEmpty ? nil : true }
            await system.workers[0].kill()
            try system.replaceWorker(0)
            let delivered = try await system.delivered(1, to: Self.contact, within: .seconds(40))
            try await system.quiet()
            #expect(delivered.map(\.text) == ["Told: Do you have pens? + Blue ones"])
            #expect(calls == [["Do you have pens?", "Blue ones"], ["Do you have pens?", "Blue ones"]])
            #expect(try await rows(system).inbound == ["M0 answered", "M1 answered"])
        }
    }

    @Test func `who writes on and on gets a text within the limit all the same`() async throws {
        try await with(coalesceMS: 60_000, ["AI_TIMEOUT_SECONDS": "2"]) { system in
            held = 1
            try await system.post("Hello?", from: Self.contact, id: "M0")
            let fallback = try await system.delivered(1, to: Self.contact)
            #expect(fallback[0].text.hasPrefix("I'm processing your request"))
            // What comes now waits for the follow-up.
            try await system.post("Anybody there?", from: Self.contact, id: "M1")
            letGo.resolve(())
            try await system.delivered(3, to: Self.contact)
            try await system.quiet()
            #expect(try await texts(system).dropFirst() == ["Told: Hello?", "Told: Hello? + Anybody there?"])
            #expect(try await rows(system).answered == [["M0"], ["M0"], ["M1"]])
        }
    }

    @Test func `messages whose answer fails die together, and a replay answers them together`() async throws {
        try await with(coalesceMS: 300, ["JOB_ATTEMPTS": "1"]) { system in
            try await system.fault(#"{"gateway":{"mode":"error"}}"#)
            try await system.post("Do you have pens?", from: Self.contact, id: "M0")
            try await system.post("Blue ones", from: Self.contact, id: "M1")
            try await system.quiet(within: .seconds(40))
            let dead = try await system.run("dead", "list", "--json")
            #expect(dead.status == 0 && dead.output.count == 1)
            try await system.fault(#"{"gateway":{"mode":"ok"}}"#)
            let replayed = try await system.run("dead", "replay", "--business", Installation.business, "--yes")
            #expect(replayed.status == 0)
            try await system.delivered(1, to: Self.contact, within: .seconds(40))
            try await system.quiet()
            #expect(try await texts(system) == ["Told: Do you have pens? + Blue ones"])
            #expect(calls.count == 1)
            #expect(try await rows(system).inbound == ["M0 answered", "M1 answered"])
        }
    }
}
