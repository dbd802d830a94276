import Native
import TestSupport
import Testing

@testable import Shared

@Suite("WAHA provider", .onLoop)
@LoopActor struct WAHAProviderTests {
    static let shop = Business(id: "shop", name: "Shop")
    static let message = OutboundMessage(
        business: shop, addresses: [ContactAddress(rawValue: "5511999990000@c.us")!], text: "Hi & bye",
        id: "3EB0C431C26A1916E07E00")

    func provider(_ url: String) throws -> WAHAProvider {
        let configuration = try Configuration(
            environment: ["WAHA_URL": url + "/", "WAHA_API_KEY": "global", "OUTBOUND_ALLOW_HOSTS": "127.0.0.1"],
            role: .tool)
        return WAHAProvider(http: HTTPClient(), settings: configuration.waha)
    }

    func session(_ status: String = "WORKING", engine: String = "WEBJS") -> HTTPResponse {
        .json(status: 200, body: #"{"name":"shop","status":"\#(status)","engine":{"engine":"\#(engine)"}}"#)
    }

    @Test func `what a server says to one business's key says nothing of another's`() async throws {
        let path = "/api/sessions/shop"
        try await GatewayServer.with([path: .json(status: 401, body: "{}")]) { url, gateway in
            var other = Business(id: "other", name: "Other")
            other.settings.wahaURL = url
            other.settings.wahaSession = "shop"
            other.settings.wahaAPIKey = "not its key"
            let provider = try provider(url)
            let canOther = await provider.canSend(for: other)
            gateway.answers[path] = session()
            let canShop = await provider.canSend(for: Self.shop), stillOther = await provider.canSend(for: other)
            #expect(!canOther && canShop && !stillOther)
        }
    }

    @Test(arguments: [
        // GOWS, WEBJS, NOWEB: an acknowledgement will name the same stanza.
        (201, #"{"id":"true_5511999990000@c.us_3EB0X","_data":{}}"#, SendOutcome.sent(providerID: "3EB0X")),
        (
            201, #"{"id":{"fromMe":true,"remote":"1@c.us","id":"3EB0X","_serialized":"true_1@c.us_3EB0X"}}"#,
            .sent(providerID: "3EB0X")
        ),
        (
            201, #"{"key":{"remoteJid":"5511999990000@s.whatsapp.net","fromMe":true,"id":"3EB0X"},"status":"PENDING"}"#,
            .sent(providerID: "3EB0X")
        ),
        (201, "{}", .unknown(detail: "waha answered 201 without an id", isTimeout: false)),
        (
            422,
            #"{"error":"Session status is not as expected","session":"shop","status":"STOPPED","expected":["WORKING"]}"#,
            .refused(.unable(detail: "waha_422"))
        ),
        (400, "{}", .refused(.message(code: "waha_400"))), (413, "{}", .refused(.message(code: "waha_413"))),
        (401, "{}", .refused(.channel(code: "waha_401"))), (403, "{}", .refused(.channel(code: "waha_403"))),
        (404, "{}", .refused(.channel(code: "waha_404"))),
        (429, "{}", .refused(.rateLimited(retryAfter: .seconds(5)))),
        (500, "{}", .unknown(detail: "waha_500", isTimeout: false)),
        (504, "", .unknown(detail: "waha_504", isTimeout: true)),
    ])
    func `answers are sorted by what to do`(status: Int, body: String, outcome: SendOutcome) async throws {
        let answers = ["/api/sessions/shop": session(), "/api/sendText": .json(status: status, body: body)]
        try await GatewayServer.with(answers, keeping: ["X-Api-Key", "Content-Type"]) { url, gateway in
            let got = try await provider(url).send(Self.message)
            #expect(got == outcome)
            let call = try #require(gateway.calls.last)
            #expect(call.line == "POST /api/sendText")
            #expect(call.body == #"{"session":"shop","chatId":"5511999990000@c.us","text":"Hi & bye"}"#)
            #expect(call.headers == ["X-Api-Key": "global", "Content-Type": "application/json"])
        }
    }

    @Test(arguments: [("NOWEB", true), ("GOWS", true), ("WEBJS", false), ("WPP", false)])
    func `an engine that takes our id gets it`(engine: String, takes: Bool) async throws {
        let answers = [
            "/api/sessions/shop": session(engine: engine),
            "/api/sendText": HTTPResponse.json(status: 201, body: #"{"id":"true_1@c.us_X"}"#),
        ]
        try await GatewayServer.with(answers) { url, gateway in
            let provider = try provider(url)
            #expect(await provider.canSend(for: Self.shop))
            _ = await provider.send(Self.message)
            // The session was asked once, by `canSend`.
            #expect(gateway.calls.map(\.line) == ["GET /api/sessions/shop", "POST /api/sendText"])
            #expect(gateway.calls[1].body.contains(#""id":"3EB0C431C26A1916E07E00""#) == takes)
        }
    }

    @Test func `a business sends through its own server, session and key`() async throws {
        let answers = ["/api/sendText": HTTPResponse.json(status: 201, body: #"{"id":"true_1@c.us_X"}"#)]
        try await GatewayServer.with(answers, keeping: ["X-Api-Key"]) { url, gateway in
            var business = Self.shop
            business.settings.wahaURL = url
            business.settings.wahaSession = "default"
            business.settings.wahaAPIKey = "own"
            let message = OutboundMessage(
                business: business, addresses: Self.message.addresses, text: "x", id: "3EB0")
            let got = try await provider("http://127.0.0.1:1").send(message)
            #expect(got == .sent(providerID: "X"))
            #expect(gateway.calls.map(\.line) == ["GET /api/sessions/default", "POST /api/sendText"])
            #expect(gateway.calls[1].headers == ["X-Api-Key": "own"])
            #expect(gateway.calls[1].body.hasPrefix(#"{"session":"default","#))
        }
    }

    @Test func `the global key goes to the global server only`() throws {
        let settings = try Configuration(
            environment: [
                "WAHA_URL": "http://10.0.0.1:3000//", "WAHA_API_KEY": "global", "OUTBOUND_ALLOW_HOSTS": "waha.shop",
            ], role: .tool
        ).waha
        var business = Self.shop
        #expect(
            settings.account(of: business)
                == WAHAAccount(
                    url: "http://10.0.0.1:3000", session: "shop", apiKey: Secret("global"), mayBePrivate: true))
        business.settings.wahaURL = "http://10.0.0.1:3000/"
        #expect(settings.account(of: business)?.apiKey == Secret("global"))
        business.settings.wahaURL = "https://evil.example"
        #expect(settings.account(of: business) == nil)
        business.settings.wahaAPIKey = "own"
        #expect(
            settings.account(of: business)
                == WAHAAccount(
                    url: "https://evil.example", session: "shop", apiKey: Secret("own"), mayBePrivate: false))
        business.settings.wahaURL = "http://waha.shop:3000"
        #expect(settings.account(of: business)?.mayBePrivate == true)
    }

    @Test func `a server that a business names must not be a private one`() async throws {
        try await GatewayServer.with([:]) { url, gateway in
            var business = Self.shop
            business.settings.wahaURL = url
            business.settings.wahaAPIKey = "own"
            let message = OutboundMessage(business: business, addresses: Self.message.addresses, text: "x", id: "3EB0")
            let provider = WAHAProvider(
                http: HTTPClient(), settings: try Configuration(environment: [:], role: .tool).waha)
            #expect(await provider.send(message) == .refused(.channel(code: "refused_address 127.0.0.1")))
            #expect(await provider.canSend(for: business) == false)
            #expect(await provider.lookUp(message, since: .now()) == .unreachable)
            #expect(gateway.calls.isEmpty)
        }
    }

    @Test(arguments: [
        ("WORKING", true), ("STARTING", false), ("SCAN_QR_CODE", false), ("STOPPED", false), ("FAILED", false),
        ("PASSKEY_REQUIRED", false),
    ])
    func `only a session that works can send`(status: String, canSend: Bool) async throws {
        try await GatewayServer.with(["/api/sessions/shop": session(status)]) { url, gateway in
            let provider = try provider(url)
            let first = await provider.canSend(for: Self.shop), second = await provider.canSend(for: Self.shop)
            #expect(first == canSend && second == canSend && gateway.calls.count == 1)
        }
    }

    @Test func `a server that does not listen cannot send, and surely has not sent`() async throws {
        let provider = try provider("http://127.0.0.1:1")
        #expect(await provider.canSend(for: Self.shop) == false)
        guard case .refused(.providerDown) = await provider.send(Self.message) else {
            Issue.record("must be refused")
            return
        }
        #expect(await provider.lookUp(Self.message, since: .now()) == .unreachable)
    }

    @Test func `without server, key or address it has no way`() throws {
        let nothing = WAHAProvider(http: HTTPClient(), settings: try Configuration(environment: [:], role: .tool).waha)
        #expect(!nothing.reaches(Self.message))
        let bsuid = OutboundMessage(
            business: Self.shop, addresses: [ContactAddress(rawValue: "US.1349")!], text: "x", id: "i")
        #expect(try !provider("http://x").reaches(bsuid))
        #expect(try provider("http://x").reaches(Self.message))
    }

    // MARK: Looking up

    func one(_ id: String, _ text: String, fromMe: Bool = true, at: Int64 = WallTime.now().milliseconds / 1000)
        -> String
    {
        #"{"id":"\#(fromMe)_5511999990000@c.us_\#(id)","timestamp":\#(at),"fromMe":\#(fromMe),"body":"\#(text)"}"#
    }

    func lookUp(
        status: Int = 200, _ body: String, since: WallTime = .now(), engine: String = "WEBJS"
    ) async throws -> LookUp {
        var answer: LookUp?
        let path = "/api/shop/chats/5511999990000@c.us/messages"
        let answers = ["/api/sessions/shop": session(engine: engine), path: .json(status: status, body: body)]
        try await GatewayServer.with(answers) { url, gateway in
            answer = try await provider(url).lookUp(Self.message, since: since)
            #expect(gateway.calls[1].line == "GET \(path)?limit=50&downloadMedia=false")
        }
        return try #require(answer)
    }

    @Test func `our id, or the text, among the chat's messages was sent`() async throws {
        #expect(
            try await lookUp("[\(one("IN", "Hi", fromMe: false)),\(one("3EB0C431C26A1916E07E00", "changed", at: 1))]")
                == .sent(providerID: "3EB0C431C26A1916E07E00"))
        #expect(try await lookUp("[\(one("3EB0OTHER", "Hi & bye"))]") == .sent(providerID: "3EB0OTHER"))
    }

    @Test func `another text, the contact's own and yesterday's are not this send`() async throws {
        let since = WallTime(milliseconds: WallTime.now().milliseconds - 60_000)
        let yesterday = since.milliseconds / 1000 - 86_400
        let list =
            "[\(one("A", "other")),\(one("B", "Hi & bye", fromMe: false)),\(one("C", "Hi & bye", at: yesterday))]"
        #expect(try await lookUp(list, since: since) == .notSent)
    }

    @Test func `on an engine that takes our id only the id is proof`() async throws {
        let ours = one("3EB0C431C26A1916E07E00", "changed", at: 1), other = one("3EB0OTHER", "Hi & bye")
        #expect(
            try await lookUp("[\(other),\(ours)]", engine: "GOWS") == .sent(providerID: "3EB0C431C26A1916E07E00"))
        let since = WallTime(milliseconds: WallTime.now().milliseconds - 60_000)
        // An older WAHA passes our id over: this may be the send after all.
        #expect(try await lookUp("[\(other)]", since: since, engine: "NOWEB") == .unreachable)
        #expect(try await lookUp("[\(one("A", "other"))]", since: since, engine: "NOWEB") == .notSent)
    }

    @Test func `the same words of an earlier send are not taken for this one`() async throws {
        let path = "/api/shop/chats/5511999990000@c.us/messages"
        let answers = [
            "/api/sessions/shop": session(),
            "/api/sendText": HTTPResponse.json(status: 201, body: #"{"id":"true_1@c.us_A"}"#),
            path: .json(body: "[\(one("A", "Hi & bye")),\(one("B", "Hi & bye"))]"),
        ]
        try await GatewayServer.with(answers) { url, gateway in
            let provider = try provider(url)
            // Of two that it knows nothing of, either may be it.
            #expect(await provider.lookUp(Self.message, since: .now()) == .unreachable)
            let earlier = OutboundMessage(
                business: Self.shop, addresses: Self.message.addresses, text: "Hi & bye", id: "3EB0EARLIER")
            #expect(await provider.send(earlier) == .sent(providerID: "A"))
            #expect(await provider.lookUp(Self.message, since: .now()) == .sent(providerID: "B"))
        }
    }

    @Test func `fifty newer messages hide the send`() async throws {
        let since = WallTime(milliseconds: WallTime.now().milliseconds - 60_000)
        let newer = Array(repeating: one("A", "other"), count: 50)
        #expect(try await lookUp("[\(newer.joined(separator: ","))]", since: since) == .unreachable)
        let older = newer.dropLast() + [one("B", "other", at: since.milliseconds / 1000 - 60)]
        #expect(try await lookUp("[\(older.joined(separator: ","))]", since: since) == .notSent)
    }

    @Test func `a session that does not work cannot be asked`() async throws {
        try await GatewayServer.with(["/api/sessions/shop": session("STOPPED")]) { url, gateway in
            let answer = try await provider(url).lookUp(Self.message, since: WallTime(milliseconds: 0))
            #expect(answer == .unreachable && gateway.calls.count == 1)
        }
    }

    @Test func `a chat it knows nothing of proves nothing`() async throws {
        let since = WallTime(milliseconds: WallTime.now().milliseconds - 60_000)
        #expect(try await lookUp("[]", since: since) == .unreachable)
        // NOWEB without its store.
        #expect(try await lookUp(status: 400, "{}", since: since) == .unreachable)
        #expect(try await lookUp("?", since: since) == .unreachable)
    }
}
