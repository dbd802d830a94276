import Native
import Shared
import TestSupport
import Testing

@Suite("Evolution API, in and out", .onLoop, .serialized)
@LoopActor struct EvolutionTests {
    static let contact = "5511999990000"

    func body(_ text: String, _ id: String, instance: String) -> String {
        Installation.evolutionBody(text, from: Self.contact, id: id, instance: instance)
    }

    @Test func `a message proven by header or token is answered through Evolution, wherever the path names whom`()
        async throws
    {
        try await Installation.withGateways { system in
            try await system.put("shop", providers: [.evolution, .twilio]) { $0.evolutionInstance = "shop1" }
            #expect(try await system.postEvolution(body("by header", "A1", instance: "shop1")).status == 200)
            let token = EvolutionToken.sign(key: Installation.evolutionSecret, now: .now())
            let byToken = try await system.postEvolution(
                body("by token", "A2", instance: "shop1"), proof: ("Authorization", "Bearer " + token))
            #expect(byToken.status == 200)
            let paths = ["/messages-upsert", "/shop", "/shop/messages-upsert"]
            for (number, path) in paths.enumerated() {
                let answer = try await system.postEvolution(
                    body("path \(number).", "P\(number)", instance: "shop1"), "/webhook/evolution" + path)
                #expect(answer.status == 200 && text(answer).contains(#""accepted":1"#))
            }
            let texts = try await system.delivered(5, to: Self.contact)
            #expect(texts.allSatisfy { $0.provider == "evolution" })
            #expect(texts[0].text.contains("by header") && texts[1].text.contains("by token"))
            try await system.quiet()
            // What Evolution sends of the same events again, and of others, is no second message.
            let again = try await system.postEvolution(body("by header", "A1", instance: "shop1"))
            #expect(text(again).contains(#""duplicates":1"#))
        }
    }

    @Test func `without the right proof the answer is 401 and nothing else`() async throws {
        try await Installation.withGateways { system in
            let good = body("x", "B1", instance: "shop1")
            let expired = EvolutionToken.sign(
                key: Installation.evolutionSecret, now: WallTime(milliseconds: WallTime.now().milliseconds - 3_600_000))
            let proofs = [
                ("X-Webhook-Secret", "wrong"), ("X-Webhook-Secret", ""), ("X-Other", "x"),
                ("Authorization", "Bearer " + EvolutionToken.sign(key: "wrong", now: .now())),
                ("Authorization", "Bearer " + expired), ("Authorization", Installation.evolutionSecret),
            ]
            for proof in proofs {
                for (body, path) in [(good, ""), ("not json", ""), (good, "/shop/nonsense"), ("[]", "/a%7Cb")] {
                    let answer = try await system.postEvolution(body, "/webhook/evolution" + path, proof: proof)
                    #expect(answer.status == 401 && text(answer) == #"{"error":"unauthorized"}"#, "\(proof) \(path)")
                }
            }
            // Proven, each is told what is wrong with it.
            for (body, path, status) in [
                ("not json", "", 400), ("[]", "", 400), (good, "/shop/newer-event", 200), (good, "/a%7Cb", 400),
                (good, "/evolution.shop1", 400),
            ] {
                #expect(try await system.postEvolution(body, "/webhook/evolution" + path).status == status)
            }
        }
    }

    @Test func `a business's own secret opens its own webhooks and nobody else's`() async throws {
        try await Installation.withGateways { system in
            for id in ["x", "y"] {
                try await system.put(id, providers: [.evolution]) {
                    $0.evolutionInstance = id + "-instance"
                    $0.evolutionWebhookSecret = "secret of " + id
                    $0.evolutionWebhookSecretPrevious = "old secret of " + id
                }
            }
            func post(_ instance: String, _ path: String, by secret: String, _ id: String) async throws -> Int {
                try await system.postEvolution(
                    body("\(id).", id, instance: instance), "/webhook/evolution" + path,
                    proof: ("X-Webhook-Secret", secret)
                ).status
            }
            #expect(try await post("x-instance", "", by: "secret of x", "C1") == 200)
            #expect(try await post("y-instance", "", by: "old secret of y", "C2") == 200)
            #expect(try await post("y-instance", "", by: "secret of x", "C3") == 401)
            #expect(try await post("x-instance", "/y", by: "secret of x", "C4") == 401)
            #expect(try await post("x-instance", "", by: Installation.evolutionSecret, "C5") == 401)
            #expect(try await post("anything", "/x", by: "secret of x", "C6") == 200)
            // Whatever a second field says, the one that was proven is the one that is used.
            let twice = body("twice", "C7", instance: "x-instance")
                .replacing(#""event":"#, with: #""instance":"y-instance","event":"#)
            let answer = try await system.postEvolution(twice, proof: ("X-Webhook-Secret", "secret of x"))
            #expect(answer.status == 401)
            try await system.delivered(3)
            try await system.quiet()
            #expect(try await system.delivered().count == 3)
        }
    }

    @Test func `the own secret of a business that no notification told of opens its webhooks`() async throws {
        try await Installation.withGateways { system in
            // As with a pooler between that passes no notifications on.
            _ = try await system.withPool { try await $0.query("ALTER TABLE businesses DISABLE TRIGGER ALL") }
            try await system.put("late", [.evolution]) {
                $0.evolutionURL = "http://127.0.0.1:\(system.simulator.port)"
                $0.evolutionAPIKey = "own-key"
                $0.evolutionInstance = "late-instance"
                $0.evolutionWebhookSecret = "secret of late"
            }
            func post(_ instance: String, _ secret: String, _ id: String) async throws -> Int {
                try await system.postEvolution(
                    body("\(id).", id, instance: instance), proof: ("X-Webhook-Secret", secret)
                ).status
            }
            #expect(try await post("late-instance", "secret of late", "L1") == 200)
            #expect(try await post("late-instance", Installation.evolutionSecret, "L2") == 401)
            #expect(try await post("nobodys", "secret of late", "L3") == 401)
            try await system.delivered(1)
        }
    }

    @Test func `a message for an unknown instance is accepted, and dead with that reason`() async throws {
        try await Installation.withGateways { system in
            let answer = try await system.postEvolution(body("hello", "D1", instance: "nobodys"))
            #expect(answer.status == 200 && text(answer).contains(#""accepted":1"#))
            #expect(try await system.deadReason().contains("the Evolution instance nobodys"))
            #expect(try await system.delivered().isEmpty)
        }
    }

    @Test func `an instance that hangs is passed over for the next provider`() async throws {
        try await Installation.withGateways { system in
            try await system.put("shop", providers: [.evolution, .twilio]) { $0.evolutionInstance = "shop1" }
            try await system.fault(#"{"evolution":{"mode":"hang","calls":"all"}}"#)
            #expect(try await system.postEvolution(body("hello", "E1", instance: "shop1")).status == 200)
            let texts = try await system.delivered(1, to: Self.contact, within: .seconds(60))
            #expect(texts[0].provider == "twilio")
        }
    }

    @Test func `a send that hangs is looked for, and goes out through the next provider when it is not found`()
        async throws
    {
        try await Installation.withGateways { system in
            try await system.put("shop", providers: [.evolution, .twilio]) { $0.evolutionInstance = "shop1" }
            try await system.fault(#"{"evolution":{"mode":"hang"}}"#)
            #expect(try await system.postEvolution(body("hello", "G1", instance: "shop1")).status == 200)
            let texts = try await system.delivered(1, to: Self.contact, within: .seconds(120))
            #expect(texts[0].provider == "twilio")
            try await system.quiet()
            #expect(try await system.delivered().count == 1)
        }
    }

    @Test func `what WhatsApp never acknowledged goes out another way, once and before the next answer`() async throws {
        try await Installation.withGateways(["SEND_ACK_SECONDS": "3"]) { system in
            try await system.put("shop", providers: [.evolution, .twilio]) { $0.evolutionInstance = "shop1" }
            // By which it is known that the instance tells acknowledgements.
            #expect(try await system.postEvolution(body("before", "N0", instance: "shop1")).status == 200)
            try await system.delivered(1, to: Self.contact)
            try await system.quiet()
            try await system.fault(#"{"evolution":{"mode":"unanswered","count":1}}"#)
            #expect(try await system.postEvolution(body("first", "N1", instance: "shop1")).status == 200)
            #expect(try await system.postEvolution(body("second", "N2", instance: "shop1")).status == 200)
            try await system.delivered(3, to: Self.contact, within: .seconds(60))
            try await system.quiet()
            let texts = try await system.delivered()
            #expect(texts.map(\.provider) == ["evolution", "twilio", "evolution"])
            #expect(texts[1].text.contains("first") && texts[2].text.contains("second"))
            try await system.withPool { pool in
                let rows = try await pool.query(
                    "SELECT provider FROM messages WHERE direction = 'out' AND unconfirmed")
                #expect(rows.map { $0.string("provider") } == ["twilio"])
            }
        }
    }

    @Test func `a send whose answer is lost is found again, and not sent twice`() async throws {
        try await Installation.withGateways { system in
            try await system.put("shop", providers: [.evolution, .twilio]) { $0.evolutionInstance = "shop1" }
            try await system.fault(#"{"evolution":{"mode":"deliver_then_close","count":1}}"#)
            #expect(try await system.postEvolution(body("hello", "F1", instance: "shop1")).status == 200)
            let sent = try await system.workers[0].line(containing: "reply_sent")
            #expect(sent.contains(#""provider":"evolution""#))
            try await system.quiet()
            let texts = try await system.delivered()
            #expect(texts.map(\.provider) == ["evolution"])
        }
    }

    func text(_ answer: HTTPClient.Response) -> String { String(decoding: answer.body, as: UTF8.self) }
}
