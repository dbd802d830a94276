import Native
import Shared
import TestSupport
import Testing

@Suite("WAHA, in and out", .onLoop, .serialized)
@LoopActor struct WAHATests {
    static let contact = "5511999990000"

    func body(_ text: String, _ id: String, session: String, metadata: String = "{}") -> String {
        Installation.wahaBody(text, from: Self.contact, id: id, session: session, metadata: metadata)
    }

    func text(_ answer: HTTPClient.Response) -> String { String(decoding: answer.body, as: UTF8.self) }

    @Test func `a signed message is answered through WAHA, under our id`() async throws {
        try await Installation.withGateways { system in
            try await system.put("shop", providers: [.waha, .twilio]) { $0.wahaSession = "default" }
            let first = try await system.postWAHA(body("first", "A1", session: "default"))
            #expect(first.status == 200 && text(first).contains(#""accepted":1"#))
            let second = try await system.postWAHA(body("second", "A2", session: "other"), "/webhook/waha/shop")
            #expect(second.status == 200)
            let texts = try await system.delivered(2, to: Self.contact)
            #expect(texts.map(\.provider) == ["waha", "waha"])
            #expect(texts[0].text.contains("first") && texts[1].text.contains("second"))
            #expect(texts.allSatisfy { $0.id.hasPrefix("3EB0") && $0.id.count == 22 })
            try await system.quiet()
            let repeated = try await system.postWAHA(
                body("first", "A1", session: "default").replacing(
                    #""event":"message""#, with: #""event":"message.any""#))
            #expect(text(repeated).contains(#""duplicates":1"#))
        }
    }

    @Test func `without the right signature the answer is 401 and nothing else`() async throws {
        try await Installation.withGateways { system in
            for body in [body("x", "B1", session: "default"), "not json", "[]"] {
                for path in ["", "/shop", "/a%7Cb"] {
                    let answer = try await system.postWAHA(body, "/webhook/waha" + path, key: "wrong")
                    #expect(answer.status == 401 && text(answer) == #"{"error":"unauthorized"}"#)
                    let none = try await system.call(
                        "POST", system.api, "/webhook/waha" + path, body: body,
                        headers: [("Content-Type", "application/json")])
                    #expect(none.status == 401)
                }
            }
            let weak = try await system.call(
                "POST", system.api, "/webhook/waha", body: "{}",
                headers: [
                    ("Content-Type", "application/json"), ("X-Webhook-Hmac-Algorithm", "sha256"),
                    (
                        "X-Webhook-Hmac",
                        Hex.encode(Digest.sha512.hmac(key: Installation.wahaSecret, message: Array("{}".utf8)))
                    ),
                ])
            #expect(weak.status == 401)
            #expect(try await system.postWAHA("not json").status == 400)
            #expect(try await system.postWAHA("{}", "/webhook/waha/waha.default").status == 400)
        }
    }

    @Test func `a business's own key signs its own webhooks and nobody else's`() async throws {
        try await Installation.withGateways { system in
            for id in ["x", "y"] {
                try await system.put(id, providers: [.waha]) {
                    $0.wahaSession = id + "-session"
                    $0.wahaWebhookSecret = "secret of " + id
                }
            }
            func post(_ session: String, _ metadata: String, by key: String, _ id: String) async throws -> Int {
                try await system.postWAHA(body("\(id).", id, session: session, metadata: metadata), key: key).status
            }
            #expect(try await post("x-session", "{}", by: "secret of x", "C1") == 200)
            #expect(try await post("default", #"{"tenant":"y"}"#, by: "secret of y", "C2") == 200)
            #expect(try await post("y-session", "{}", by: "secret of x", "C3") == 401)
            #expect(try await post("x-session", #"{"tenant":"y"}"#, by: "secret of x", "C4") == 401)
            #expect(try await post("x-session", "{}", by: Installation.wahaSecret, "C5") == 401)
            #expect(try await post("x-session", #"{"tenant":"nobody"}"#, by: "secret of x", "C6") == 200)
            try await system.delivered(3)
            try await system.quiet()
            #expect(try await system.delivered().count == 3)
        }
    }

    @Test func `a message for an unknown session is accepted, and dead with that reason`() async throws {
        try await Installation.withGateways { system in
            let answer = try await system.postWAHA(body("hello", "D1", session: "nobodys"))
            #expect(answer.status == 200 && text(answer).contains(#""accepted":1"#))
            #expect(try await system.deadReason().contains("the WAHA session nobodys"))
            #expect(try await system.delivered().isEmpty)
        }
    }

    @Test(arguments: [#"{"waha":{"mode":"hang","calls":"all"}}"#, #"{"waha":{"mode":"cannot_send"}}"#])
    func `a session that hangs or is stopped is passed over for the next provider`(fault: String) async throws {
        try await Installation.withGateways { system in
            try await system.put("shop", providers: [.waha, .twilio]) { $0.wahaSession = "default" }
            try await system.fault(fault)
            #expect(try await system.postWAHA(body("hello", "E1", session: "default")).status == 200)
            let texts = try await system.delivered(1, to: Self.contact, within: .seconds(60))
            #expect(texts[0].provider == "twilio")
        }
    }

    @Test func `a send whose answer is lost is found again by its id, and not sent twice`() async throws {
        try await Installation.withGateways { system in
            try await system.put("shop", providers: [.waha, .twilio]) { $0.wahaSession = "default" }
            try await system.fault(#"{"waha":{"mode":"deliver_then_close","count":1}}"#)
            #expect(try await system.postWAHA(body("hello", "F1", session: "default")).status == 200)
            let sent = try await system.workers[0].line(containing: "reply_sent")
            #expect(sent.contains(#""provider":"waha""#))
            try await system.quiet()
            #expect(try await system.delivered().map(\.provider) == ["waha"])
        }
    }
}
