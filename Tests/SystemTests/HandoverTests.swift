import Foundation
import Native
import Shared
import TestSupport
import Testing

@Suite("A person takes over", .onLoop, .serialized)
@LoopActor struct HandoverTests {
    private let contact = "15550001111"

    /// The gateway tells of a message under the business's own number.
    private func typed(
        _ text: String, _ system: Installation, id: String, age: Int = 0, tenant: String = Installation.business
    ) async throws {
        let sentAt = Int(Date().timeIntervalSince1970) - age, text = Self.escaped(text)
        let answer = try await system.call(
            "POST", system.api, "/webhook/whatsapp/incoming",
            body: """
                {"tenantId":"\(tenant)","payload":{"type":"append","messages":[{"key":{"remoteJid":\
                "\(contact)@s.whatsapp.net","fromMe":true,"id":"\(id)"},"message":{"conversation":"\(text)"},\
                "messageTimestamp":\(sentAt)}]}}
                """,
            headers: [("Content-Type", "application/json"), ("X-Internal-Secret", Installation.secret)])
        #expect(answer.status == 200)
        #expect(
            String(decoding: answer.body, as: UTF8.self) == #"{"ok":true,"accepted":0,"duplicates":0,"ignored":1}"#)
    }

    /// As it stands in JSON.
    private static func escaped(_ text: String) -> String {
        text.replacingOccurrences(of: "\"", with: "\\\"").replacingOccurrences(of: "\n", with: "\\n")
    }

    /// Direction, kind and status of each message, oldest first.
    private func rows(_ system: Installation) async throws -> [String] {
        try await system.withPool { pool in
            try await pool.query("SELECT direction, kind, status FROM messages ORDER BY id").map {
                "\($0.string("direction")) \($0.string("kind")) \($0.string("status"))"
            }
        }
    }

    @Test func `who types on the phone silences the bot, and the AI knows later what was said`() async throws {
        try await Installation.with { system in
            try await typed("I'll look into it myself", system, id: "3A554E20ECABF3D45BB2")
            try await system.workers[0].line(containing: "\"event\":\"handover\"")
            try await system.quiet()
            try await system.post("Thank you!", from: contact, id: "H1")
            try await system.quiet()
            #expect(try await system.delivered(to: contact).isEmpty)
            #expect(try await rows(system) == ["out person sent", "in text skipped"])
            let status = try await system.withPool { pool in
                try await pool.query("SELECT status, human_until > now() AS lasts FROM conversations")
                    .map { "\($0.string("status")) \($0.bool("lasts"))" }
            }
            #expect(status == ["human true"])
            // Another contact is answered as ever.
            try await system.post("Hello", from: "15550002222", id: "H2")
            try await system.delivered(1, to: "15550002222")
            // Given back: the bot goes on, and its prompt has what was said meanwhile.
            let told = try await system.run("handover", Installation.business, contact, "--back")
            #expect(told.status == 0 && told.output[0].contains("is the bot's again"))
            let memory = try await system.memory(of: contact)
            #expect(memory.contains("I'll look into it myself") && memory.contains("Thank you!"))
            try await system.post("And now?", from: contact, id: "H3")
            #expect(try await system.delivered(1, to: contact)[0].text.contains("And now?"))
        }
    }

    @Test func `our own answer that comes back from the phone silences nobody`() async throws {
        try await Installation.with { system in
            try await system.post("One", from: contact, id: "E1")
            let first = try await system.delivered(1, to: contact)[0]
            try await system.quiet()
            // Under our id, as the gateway reports its own sends.
            try await typed(first.text, system, id: first.id)
            // Under an id that another program gave to our text.
            try await typed(first.text, system, id: "3EB0C431C26A1916E07E00")
            // Old news of a person, as after the gateway was offline.
            try await typed("Yesterday's", system, id: "3A554E20ECABF3D45BB2", age: 90_000)
            try await system.quiet()
            try await system.post("Two", from: contact, id: "E2")
            let second = try await system.delivered(2, to: contact)[1]
            #expect(second.text.contains("Two"))
            try await system.quiet()
            #expect(
                try await rows(system) == [
                    "in text answered", "out text sent", "out person sent", "in text answered", "out text sent",
                ])
        }
    }

    @Test func `an answer that the AI is still thinking of is not sent over a person`() async throws {
        var options = Installation.Options()
        options.simulatorArguments = ["--ai-latency-ms", "2000"]
        try await Installation.with(options) { system in
            try await system.post("Slow one", from: contact, id: "T1")
            try await system.workers[0].line(containing: "job_started")
            try await typed("I have it", system, id: "3A554E20ECABF3D45BB2")
            try await system.quiet()
            #expect(try await system.delivered(to: contact).isEmpty)
            // Two jobs write them, either one first.
            #expect(try await rows(system).sorted() == ["in text skipped", "out person sent"])
        }
    }

    @Test func `quiet_minutes 0 and texts that the phone sends by itself leave the bot answering`() async throws {
        try await Installation.with { system in
            try await system.put("loud", [.baileys]) { $0.quietMinutes = 0 }
            try await system.put("greeter", [.baileys]) { $0.automaticTexts = ["Thanks for writing to *"] }
            for tenant in ["loud", "greeter"] {
                try await typed("Thanks for writing to us", system, id: "3A554E20ECABF3D45BB2", tenant: tenant)
            }
            try await system.quiet()
            let silent = try await system.run("handover", "list")
            #expect(silent.output == ["The bot has every conversation."])
        }
    }

    @Test func `an operator takes a conversation and gives it back, by the command and by the API`() async throws {
        var options = Installation.Options()
        options.environment = ["ADMIN_TOKEN": "admin-token"]
        try await Installation.with(options) { system in
            let taken = try await system.run(
                "handover", Installation.business, "+\(contact)", "--minutes", "5", "--json")
            #expect(taken.status == 0 && taken.output[0].contains(#""status":"human","by":"operator","until":"2"#))
            try await system.post("Hello", from: contact, id: "A1")
            try await system.quiet()
            #expect(try await system.delivered().isEmpty)
            let list = try await system.run("handover", "list", "--business", Installation.business)
            #expect(list.output.joined().contains(contact) && list.output.joined().contains("operator"))

            let path = "/api/v1/businesses/\(Installation.business)/conversations/\(contact)/handover"
            let door = [("Authorization", "Bearer admin-token")]
            try await system.api.line(containing: "Businesses are known")
            let back = try await system.call("DELETE", system.api, path, headers: door)
            #expect(back.status == 200)
            #expect(String(decoding: back.body, as: UTF8.self).contains(#""status":"bot""#))
            try await system.post("Hello again", from: contact, id: "A2")
            try await system.delivered(1, to: contact)
            let again = try await system.call("POST", system.api, path, headers: door)
            #expect(String(decoding: again.body, as: UTF8.self).contains(#""by":"operator","until":null"#))
            try await system.quiet()
            let status = try await system.withPool { pool in
                try await pool.query("SELECT status, human_until IS NULL AS is_open FROM conversations")
                    .map { "\($0.string("status")) \($0.bool("is_open"))" }
            }
            #expect(status == ["human true"])
            let unproven = try await system.call("POST", system.api, path, headers: [("Authorization", "Bearer x")])
            #expect(unproven.status == 401)
            let nobody = try await system.run("handover", "nobody", contact)
            #expect(nobody.status == 1)
        }
    }

    @Test func `past replies_per_minute messages are stored and not answered, told once`() async throws {
        try await Installation.with { system in
            try await system.put("brief", [.baileys]) { $0.repliesPerMinute = 2 }
            for number in 1...5 {
                let answer = try await system.call(
                    "POST", system.api, "/webhook/whatsapp/incoming",
                    body: """
                        {"tenantId":"brief","payload":{"messages":[{"key":{"remoteJid":"\(contact)@s.whatsapp.net",\
                        "fromMe":false,"id":"L\(number)"},"message":{"conversation":"n\(number)"},\
                        "messageTimestamp":\(Int(Date().timeIntervalSince1970))}]}}
                        """,
                    headers: [("Content-Type", "application/json"), ("X-Internal-Secret", Installation.secret)])
                #expect(answer.status == 200)
            }
            try await system.quiet()
            #expect(try await system.delivered(to: contact).count == 2)
            let statuses = try await system.withPool { pool in
                try await pool.query("SELECT status FROM messages WHERE direction = 'in' ORDER BY id")
                    .map { $0.string("status") }
            }
            #expect(statuses == ["answered", "answered", "skipped", "skipped", "skipped"])
            #expect(system.workers[0].lines.count { $0.contains("loop_guard") } == 1)
        }
    }

    @Test func `a contact that only sends our own texts back is left alone for a while`() async throws {
        try await Installation.with { system in
            try await system.post("Hello", from: contact, id: "B0")
            for number in 1...4 {
                let texts = try await system.delivered(min(number, 3), to: contact)
                let echo = Self.escaped(texts.last!.text)
                try await system.post(echo, from: contact, id: "B\(number)")
                try await system.quiet()
            }
            #expect(try await system.delivered(to: contact).count == 3)
            try await system.workers[0].line(containing: "loop_guard")
            let list = try await system.run("handover", "list", "--json")
            #expect(list.output.joined().contains(#""by":"loop""#))
        }
    }
}
