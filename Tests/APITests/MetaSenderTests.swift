import Native
import Shared
import TestSupport
import Testing

@testable import API

@Suite("Meta's webhooks", .onLoop)
@LoopActor struct MetaSenderTests {
    private static let json = ("Content-Type", "application/json")

    private func serving(
        _ known: KnownBusinesses = .of([:]), secret: String? = "global", previous: String? = nil,
        _ body: (SenderFixture) async throws -> Void
    ) async throws {
        var environment: [String: String] = [:]
        environment["META_APP_SECRET"] = secret
        environment["META_APP_SECRET_PREVIOUS"] = previous
        let settings = try Configuration(environment: environment, role: .tool).meta
        try await SenderFixture.with(MetaSender(settings, businesses: { known }), ["/webhook/meta"], body)
    }

    private func proof(_ body: String, _ secret: String) -> (String, String) {
        ("X-Hub-Signature-256", "sha256=" + BodySignature.sign(Array(body.utf8), key: secret, .sha256))
    }

    /// A body with one text to each of the numbers.
    private func body(_ numbers: String...) -> String {
        let changes = numbers.map {
            """
            {"field":"messages","value":{"metadata":{"phone_number_id":"\($0)"},"messages":[{"id":"wamid.\($0)",\
            "from":"16505551234","timestamp":"1749416383","type":"text","text":{"body":"Olá 👋"}}]}}
            """
        }
        return #"{"object":"whatsapp_business_account","entry":[{"changes":[\#(changes.joined(separator: ","))]}]}"#
    }

    private static func own(_ number: String, _ secret: String?, previous: String? = nil) -> BusinessSettings {
        .with {
            $0.metaPhoneNumberID = number
            $0.metaAppSecret = secret
            $0.metaAppSecretPrevious = previous
        }
    }

    @Test(arguments: [
        (
            #"{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"value":{"messages":[{"id":"wamid.A","from":"15551234567","type":"text","text":{"body":"Ol\u00e1 \ud83d\udc4b"}}]},"field":"messages"}]}]}"#,
            "51cb1de1fd57e287c9e9b6c3d29d3dbc2e55c6f382e490f4d2e82da95f174391"
        ),
        (
            #"{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"value":{"messages":[{"id":"wamid.A","from":"15551234567","type":"text","text":{"body":"Olá 👋"}}]},"field":"messages"}]}]}"#,
            "a82e84fbb891094778dff2cbecd761adb169af9ac51cf0a38403edfccaa4ac4d"
        ),
    ])
    func `the proof is of the bytes as they came, escaped or not`(body: String, signature: String) async throws {
        try await serving(secret: "app-secret") { meta in
            let header = ("X-Hub-Signature-256", "sha256=" + signature)
            let answer = try await meta.post("/webhook/meta", body, [Self.json, header])
            #expect(
                answer.events
                    == [.rejected("entry[0].changes[0].value.metadata.phone_number_id must be a string")])
            let upper = ("X-Hub-Signature-256", "sha256=" + signature.uppercased())
            try await meta.expect(200, "/webhook/meta", body, [Self.json, upper])
        }
    }

    @Test func `each number's business gets its messages, unknown numbers the default one or an alias`() async throws {
        let known = ["a": Self.own("1", nil), "b": Self.own("2", "own")]
        for (standard, unknown) in [(nil, "meta.3"), ("main", "main")] as [(String?, String)] {
            try await serving(.of(known, defaultBusiness: standard)) { meta in
                let text = body("1", "2", "3")
                let answer = try await meta.post("/webhook/meta", text, [Self.json, proof(text, "global")])
                #expect(answer.status == 200 && answer.events.map(\.tenant) == ["a", "b", unknown])
            }
        }
    }

    @Test func `a business's own secret opens its own numbers and nothing else`() async throws {
        let known = KnownBusinesses.of([
            "a": Self.own("1", "secret-a", previous: "old-a"), "b": Self.own("2", "secret-b"), "c": Self.own("3", nil),
            "d": Self.own("4", "secret-a"),
        ])
        let cases: [(String, String, Int)] = [
            (body("1"), "secret-a", 200), (body("1"), "old-a", 200), (body("1"), "secret-b", 401),
            // Another's number, one that has no secret of its own, and one nobody has yet.
            (body("2"), "secret-a", 401), (body("3"), "secret-a", 401), (body("9"), "secret-a", 401),
            (body("2", "3", "9"), "secret-a", 401), (body("1", "2"), "nobody's", 401),
            // No number: any business's counts, and no message comes of it.
            (#"{"object":"whatsapp_business_account","entry":[]}"#, "secret-b", 200),
            (#"{"object":"whatsapp_business_account","entry":[]}"#, "nobody's", 401),
            (Self.accountUpdate, "old-a", 200), (#"{"object":"page"}"#, "secret-a", 200), ("{", "secret-a", 400),
            ("{", "nobody's", 401),
        ]
        for secret in ["global", nil] {
            try await serving(known, secret: secret) { meta in
                for (text, key, status) in cases {
                    let answer = try await meta.post("/webhook/meta", text, [Self.json, proof(text, key)])
                    #expect(answer.status == status, "\(key) \(text)")
                }
            }
        }
    }

    private static let accountUpdate = """
        {"object":"whatsapp_business_account","entry":[{"id":"1","time":1749416383,"changes":[{"field":\
        "message_template_status_update","value":{"event":"APPROVED","message_template_id":1}}]}]}
        """

    @Test func `of a body for several only what its own secret proves is taken`() async throws {
        let known = KnownBusinesses.of([
            "a": Self.own("1", "secret-a", previous: "old-a"), "b": Self.own("2", "secret-b"), "c": Self.own("3", nil),
            "d": Self.own("4", "secret-a"),
        ])
        let cases: [(String, String, [String?])] = [
            (body("1", "2"), "secret-a", ["a", nil]), (body("2", "1"), "secret-a", [nil, "a"]),
            (body("2", "1"), "secret-b", ["b", nil]),
            // One that has no secret of its own, one nobody has yet, and not the default business's.
            (body("1", "3", "9"), "secret-a", ["a", nil, nil]),
            // Two businesses of one app, during a rotation of the one.
            (body("1", "4"), "secret-a", ["a", "d"]), (body("1", "4"), "old-a", ["a", nil]),
        ]
        for standard in [nil, "main"] {
            try await serving(KnownBusinesses(index: known.index, isLoaded: true, defaultBusiness: standard)) { meta in
                for (text, key, tenants) in cases {
                    let answer = try await meta.post("/webhook/meta", text, [Self.json, proof(text, key)])
                    #expect(answer.status == 200 && answer.events.map(\.tenant) == tenants, "\(key) \(text)")
                    #expect(answer.events.filter { $0.tenant == nil }.allSatisfy { $0 == .ignored(.unproven) })
                }
            }
        }
    }

    @Test func `a stranger's body makes us try few secrets`() async throws {
        let many = MetaProof.mostSecrets + 1, last = "\(many - 1)"
        var known: [String: BusinessSettings] = [:]
        for number in 0..<many { known["shop\(number)"] = Self.own("\(number)", "secret-\(number)") }
        try await serving(.of(known)) { meta in
            // Its own number tells which one to try, however many there are.
            let own = body(last)
            try await meta.expect(200, "/webhook/meta", own, [Self.json, proof(own, "secret-\(last)")])
            let none = Self.accountUpdate
            try await meta.expect(401, "/webhook/meta", none, [Self.json, proof(none, "secret-0")])
        }
        known["shop0"] = nil
        try await serving(.of(known)) { meta in
            let none = Self.accountUpdate
            try await meta.expect(200, "/webhook/meta", none, [Self.json, proof(none, "secret-\(last)")])
            let large = none + String(repeating: " ", count: MetaProof.mostBytes / MetaProof.mostSecrets)
            try await meta.expect(401, "/webhook/meta", large, [Self.json, proof(large, "secret-\(last)")])
        }
    }

    @Test func `a number under two names is the one that is proven`() async throws {
        // The same field twice: what is proven must be what is read.
        let text = """
            {"object":"whatsapp_business_account","entry":[{"changes":[{"field":"messages","value":{"metadata":\
            {"phone_number_id":"1","phone_number_id":"2"},"messages":[{"id":"wamid.A","from":"16505551234",\
            "timestamp":"1749416383","type":"text","text":{"body":"x"}}]}}]}]}
            """
        try await serving(.of(["a": Self.own("1", "secret-a"), "b": Self.own("2", "secret-b")])) { meta in
            let answer = try await meta.post("/webhook/meta", text, [Self.json, proof(text, "secret-a")])
            #expect(answer.events.map(\.tenant) == ["a"])
        }
    }

    @Test func `during a rotation both secrets are good`() async throws {
        try await serving(secret: "new", previous: "old") { meta in
            let text = body("1")
            for (secret, status) in [("new", 200), ("old", 200), ("older", 401)] {
                let answer = try await meta.post("/webhook/meta", text, [Self.json, proof(text, secret)])
                #expect(answer.status == status)
            }
        }
    }

    @Test func `while the businesses are not known nothing of a body is passed over`() async throws {
        let known = KnownBusinesses.of(["a": Self.own("1", "secret-a")], isLoaded: false)
        try await serving(known) { meta in
            for (text, status) in [(body("1"), 200), (body("1", "2"), 503), (body("2"), 503)] {
                try await meta.expect(status, "/webhook/meta", text, [Self.json, proof(text, "secret-a")])
            }
        }
    }

    @Test func `what is not proven is refused whatever its body`() async throws {
        let text = body("1"), good = BodySignature.sign(Array(text.utf8), key: "global", .sha256)
        let headers: [[(String, String)]] = [
            [Self.json], [Self.json, ("X-Hub-Signature", "sha1=" + good)], [Self.json, ("X-Hub-Signature-256", good)],
            [Self.json, ("X-Hub-Signature-256", "sha256=")],
            [Self.json, ("X-Hub-Signature-256", "sha256=" + good.dropLast(2))],
            [Self.json, ("X-Hub-Signature-256", "sha256=" + String(repeating: "z", count: 64))],
        ]
        for secret in ["global", nil] {
            try await serving(secret: secret) { meta in
                for headers in headers {
                    let answer = try await meta.post("/webhook/meta", text, headers)
                    #expect(answer == SenderFixture.Answer(status: 401, body: #"{"error":"unauthorized"}"#))
                }
                let changed = try await meta.post(
                    "/webhook/meta", text + " ", [Self.json, ("X-Hub-Signature-256", "sha256=" + good)])
                #expect(changed.status == 401)
            }
        }
    }

    @Test func `a proof that may be a business's own is not refused before the businesses are known`() async throws {
        try await serving(.of([:], isLoaded: false)) { meta in
            let text = body("1")
            try await meta.expect(503, "/webhook/meta", text, [Self.json, proof(text, "own")])
            try await meta.expect(401, "/webhook/meta", text, [Self.json])
            let none = Self.accountUpdate
            try await meta.expect(503, "/webhook/meta", none, [Self.json, proof(none, "own")])
            let answer = try await meta.post("/webhook/meta", text, [Self.json, proof(text, "global")])
            #expect(answer.status == 200 && answer.events.map(\.tenant) == ["meta.1"])
        }
    }

    @Test(arguments: [
        ("{", 400, "not valid JSON"), ("[]", 400, "the body must be an object"), ("{}", 400, "object must be a string"),
        (#"{"object":"whatsapp_business_account"}"#, 400, "entry must be an array"),
        (#"{"object":"page"}"#, 200, #""ok":true"#),
    ])
    func `what is proven and not right is told`(text: String, status: Int, words: String) async throws {
        try await serving { meta in
            let answer = try await meta.post("/webhook/meta", text, [Self.json, proof(text, "global")])
            #expect(answer.status == status && answer.body.contains(words))
        }
    }

    @Test func `another content type is not taken`() async throws {
        try await serving { meta in
            let text = body("1")
            let answer = try await meta.post(
                "/webhook/meta", text, [("Content-Type", "text/plain"), proof(text, "global")])
            #expect(answer.status == 415)
        }
    }
}
