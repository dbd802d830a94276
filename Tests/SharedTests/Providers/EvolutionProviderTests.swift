import Native
import TestSupport
import Testing

@testable import Shared

@Suite("Evolution provider", .onLoop)
@LoopActor struct EvolutionProviderTests {
    static let shop = Business(id: "shop", name: "Shop")
    static let message = OutboundMessage(
        business: shop, addresses: [ContactAddress(rawValue: "5511999990000@s.whatsapp.net")!], text: "Hi & bye",
        id: "3EB0C431C26A1916E07E00")

    func provider(_ url: String) throws -> EvolutionProvider {
        let configuration = try Configuration(
            environment: [
                "EVOLUTION_URL": url + "/", "EVOLUTION_API_KEY": "global", "OUTBOUND_ALLOW_HOSTS": "127.0.0.1",
            ],
            role: .tool)
        return EvolutionProvider(http: HTTPClient(), settings: configuration.evolution)
    }

    func records(_ records: String) -> String {
        #"{"messages":{"total":1,"pages":1,"currentPage":1,"records":[\#(records)]}}"#
    }

    func record(
        _ text: String = "Hi & bye", fromMe: Bool = true, at: Int64 = WallTime.now().milliseconds / 1000,
        id: String = "3EB0SENT"
    ) -> String {
        #"{"id":"cm3","key":{"id":"\#(id)","fromMe":\#(fromMe),"remoteJid":"5511999990000@s.whatsapp.net"},"message":{"conversation":"\#(text)"},"messageTimestamp":\#(at),"MessageUpdate":[]}"#
    }

    @Test(arguments: [
        (
            201, #"{"key":{"remoteJid":"5511999990000@s.whatsapp.net","fromMe":true,"id":"3EB0X"},"status":"PENDING"}"#,
            SendOutcome.sent(providerID: "3EB0X")
        ),
        (200, #"{"key":{"id":"3EB0X"}}"#, .sent(providerID: "3EB0X")),
        (201, "{}", .unknown(detail: "evolution answered 201 without key.id", isTimeout: false)),
        (
            400,
            #"{"status":400,"error":"Bad Request","response":{"message":[{"jid":"1@s.whatsapp.net","exists":false,"number":"1"}]}}"#,
            .refused(.contact(code: "evolution_not_on_whatsapp"))
        ),
        (
            400, #"{"status":400,"error":"Bad Request","response":{"message":[["requires property \"text\""]]}}"#,
            .refused(.message(code: "evolution_400"))
        ),
        (
            400, #"{"status":400,"error":"Bad Request","response":{"message":["Error: Connection Closed"]}}"#,
            .refused(.unable(detail: "evolution_connection_closed"))
        ),
        // Sent, and then not recorded: it must be looked up.
        (
            400, #"{"status":400,"error":"Bad Request","response":{"message":["PrismaClientKnownRequestError"]}}"#,
            .unknown(detail: "evolution_400", isTimeout: false)
        ),
        (
            400, #"{"status":400,"response":{"message":["Error: Timed Out"]}}"#,
            .unknown(detail: "evolution_400", isTimeout: false)
        ),
        (400, "garbage", .unknown(detail: "evolution_400", isTimeout: false)),
        (401, "{}", .refused(.channel(code: "evolution_401"))), (403, "{}", .refused(.channel(code: "evolution_403"))),
        (
            404, #"{"status":404,"response":{"message":["The \"shop\" instance does not exist"]}}"#,
            .refused(.channel(code: "evolution_404"))
        ),
        (413, "{}", .refused(.message(code: "evolution_413"))),
        (429, "{}", .refused(.rateLimited(retryAfter: .seconds(5)))),
        (500, "{}", .unknown(detail: "evolution_500", isTimeout: false)),
        (504, "{}", .unknown(detail: "evolution_504", isTimeout: true)),
    ])
    func `answers are sorted by what to do`(status: Int, body: String, outcome: SendOutcome) async throws {
        let answers = ["/message/sendText/shop": HTTPResponse.json(status: status, body: body)]
        try await GatewayServer.with(answers, keeping: ["apikey", "Content-Type"]) { url, gateway in
            let got = try await provider(url).send(Self.message)
            #expect(got == outcome)
            #expect(gateway.calls.count == 1)
            #expect(gateway.calls[0].line == "POST /message/sendText/shop")
            #expect(gateway.calls[0].body == #"{"number":"5511999990000@s.whatsapp.net","text":"Hi & bye"}"#)
            #expect(gateway.calls[0].headers == ["apikey": "global", "Content-Type": "application/json"])
        }
    }

    @Test func `what a server says to one business's key says nothing of another's`() async throws {
        let path = "/instance/connectionState/shop"
        try await GatewayServer.with([path: .json(status: 401, body: "{}")]) { url, gateway in
            var other = Business(id: "other", name: "Other")
            other.settings.evolutionURL = url
            other.settings.evolutionInstance = "shop"
            other.settings.evolutionAPIKey = "not its key"
            let provider = try provider(url)
            let canOther = await provider.canSend(for: other)
            gateway.answers[path] = .json(status: 200, body: #"{"instance":{"state":"open"}}"#)
            let canShop = await provider.canSend(for: Self.shop)
            gateway.answers[path] = .json(status: 401, body: "{}")
            let (stillOther, stillShop) = (await provider.canSend(for: other), await provider.canSend(for: Self.shop))
            #expect(!canOther && canShop && !stillOther && stillShop)
            #expect(gateway.calls.count == 2)
        }
    }

    @Test func `a business sends through its own server, instance and key`() async throws {
        let answers = ["/message/sendText/my%20shop": HTTPResponse.json(status: 201, body: #"{"key":{"id":"X"}}"#)]
        try await GatewayServer.with(answers, keeping: ["apikey"]) { url, gateway in
            var business = Self.shop
            business.settings.evolutionURL = url
            business.settings.evolutionInstance = "my shop"
            business.settings.evolutionAPIKey = "own"
            let message = OutboundMessage(
                business: business, addresses: Self.message.addresses, text: "x", id: "3EB0")
            let got = try await provider("http://127.0.0.1:1").send(message)
            #expect(got == .sent(providerID: "X") && gateway.calls[0].headers == ["apikey": "own"])
        }
    }

    @Test func `the global key goes to the global server only`() throws {
        let settings = try Configuration(
            environment: [
                "EVOLUTION_URL": "http://10.0.0.1:8080//", "EVOLUTION_API_KEY": "global",
                "OUTBOUND_ALLOW_HOSTS": "evolution.shop",
            ], role: .tool
        ).evolution
        var business = Self.shop
        #expect(
            settings.account(of: business)
                == EvolutionAccount(
                    url: "http://10.0.0.1:8080", instance: "shop", apiKey: Secret("global"), mayBePrivate: true))
        business.settings.evolutionURL = "http://10.0.0.1:8080/"
        #expect(settings.account(of: business)?.apiKey == Secret("global"))
        business.settings.evolutionURL = "https://evil.example"
        #expect(settings.account(of: business) == nil)
        business.settings.evolutionAPIKey = "own"
        #expect(
            settings.account(of: business)
                == EvolutionAccount(
                    url: "https://evil.example", instance: "shop", apiKey: Secret("own"), mayBePrivate: false))
        business.settings.evolutionURL = "http://evolution.shop:8080"
        #expect(settings.account(of: business)?.mayBePrivate == true)
    }

    @Test func `a server that a business names must not be a private one`() async throws {
        try await GatewayServer.with([:]) { url, gateway in
            var business = Self.shop
            business.settings.evolutionURL = url
            business.settings.evolutionAPIKey = "own"
            let message = OutboundMessage(business: business, addresses: Self.message.addresses, text: "x", id: "3EB0")
            let provider = EvolutionProvider(
                http: HTTPClient(), settings: try Configuration(environment: [:], role: .tool).evolution)
            #expect(await provider.send(message) == .refused(.channel(code: "refused_address 127.0.0.1")))
            #expect(await provider.canSend(for: business) == false)
            #expect(await provider.lookUp(message, since: .now()) == .unreachable)
            #expect(gateway.calls.isEmpty)
        }
    }

    @Test(arguments: [
        (200, #"{"instance":{"instanceName":"shop","state":"open"}}"#, true),
        (200, #"{"instance":{"instanceName":"shop","state":"connecting"}}"#, false),
        (200, #"{"instance":{"instanceName":"shop","state":"close"}}"#, false), (200, "?", false), (401, "{}", false),
        (404, "{}", false), (500, "{}", false),
    ])
    func `only an open instance can send, and is asked once in a while`(
        status: Int, body: String, canSend: Bool
    ) async throws {
        let answers = ["/instance/connectionState/shop": HTTPResponse.json(status: status, body: body)]
        try await GatewayServer.with(answers) { url, gateway in
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
        let nothing = EvolutionProvider(
            http: HTTPClient(), settings: try Configuration(environment: [:], role: .tool).evolution)
        #expect(!nothing.reaches(Self.message))
        let bsuid = OutboundMessage(
            business: Self.shop, addresses: [ContactAddress(rawValue: "US.1349")!], text: "x", id: "i")
        #expect(try !provider("http://x").reaches(bsuid))
        #expect(try provider("http://x").reaches(Self.message))
    }

    // MARK: Looking up

    func lookUp(status: Int = 200, _ body: String, since: WallTime = .now()) async throws -> LookUp {
        var answer: LookUp?
        try await GatewayServer.with(["/chat/findMessages/shop": .json(status: status, body: body)]) { url, gateway in
            answer = try await provider(url).lookUp(Self.message, since: since)
            #expect(
                gateway.calls[0].body
                    == #"{"where":{"key":{"remoteJid":"5511999990000@s.whatsapp.net"}},"page":1,"offset":50}"#)
        }
        return try #require(answer)
    }

    @Test func `a text that is among the chat's messages was sent`() async throws {
        #expect(
            try await lookUp(records(record("Hi", fromMe: false) + "," + record())) == .sent(providerID: "3EB0SENT"))
        let long = record().replacing(
            #""conversation":"Hi & bye""#, with: #""extendedTextMessage":{"text":"Hi & bye"}"#)
        #expect(try await lookUp(records(long)) == .sent(providerID: "3EB0SENT"))
    }

    @Test func `another text, the contact's own and yesterday's are not this send`() async throws {
        let since = WallTime(milliseconds: WallTime.now().milliseconds - 60_000)
        let others = [
            record("other"), record(fromMe: false), record(at: since.milliseconds / 1000 - 86_400),
        ]
        #expect(try await lookUp(records(others.joined(separator: ",")), since: since) == .notSent)
    }

    @Test func `the same words of an earlier send are not taken for this one`() async throws {
        let answers = [
            "/message/sendText/shop": HTTPResponse.json(status: 201, body: #"{"key":{"id":"3EB0SENT"}}"#),
            "/chat/findMessages/shop": .json(body: records(record() + "," + record(id: "3EB0LOST"))),
        ]
        try await GatewayServer.with(answers) { url, gateway in
            let provider = try provider(url)
            // Of two that it knows nothing of, either may be it.
            #expect(await provider.lookUp(Self.message, since: .now()) == .unreachable)
            let earlier = OutboundMessage(
                business: Self.shop, addresses: Self.message.addresses, text: "Hi & bye", id: "3EB0EARLIER")
            #expect(await provider.send(earlier) == .sent(providerID: "3EB0SENT"))
            #expect(await provider.lookUp(Self.message, since: .now()) == .sent(providerID: "3EB0LOST"))
            gateway.answers["/chat/findMessages/shop"] = .json(body: records(record()))
            let since = WallTime(milliseconds: WallTime.now().milliseconds - 60_000)
            #expect(await provider.lookUp(Self.message, since: since) == .notSent)
        }
    }

    @Test func `fifty newer messages hide the send`() async throws {
        let since = WallTime(milliseconds: WallTime.now().milliseconds - 60_000)
        let newer = Array(repeating: record("other"), count: 50)
        #expect(try await lookUp(records(newer.joined(separator: ",")), since: since) == .unreachable)
        let older = newer.dropLast() + [record("other", at: since.milliseconds / 1000 - 60)]
        #expect(try await lookUp(records(older.joined(separator: ",")), since: since) == .notSent)
    }

    @Test func `a chat it knows nothing of proves nothing`() async throws {
        let since = WallTime(milliseconds: WallTime.now().milliseconds - 60_000)
        #expect(try await lookUp(records(""), since: since) == .unreachable)
        #expect(try await lookUp(status: 500, "{}", since: since) == .unreachable)
        #expect(try await lookUp("?", since: since) == .unreachable)
        #expect(try await lookUp(#"{"unexpected":1}"#, since: since) == .unreachable)
    }
}
