import Native
import TestSupport
import Testing

@testable import Shared

/// Providers against a server of the test's own that answers as told.
@Suite("Providers", .onLoop)
@LoopActor struct ProviderTests {
    static let shop = Business(id: "shop", name: "Shop")
    static let message = OutboundMessage(
        business: shop, addresses: [ContactAddress(rawValue: "15550001111@s.whatsapp.net")!], text: "Hi & bye",
        id: "3EB0C431C26A1916E07E00")

    /// Runs `body` with the URL of a server that gives `answer` to every request, and returns the last request's line and body.
    @discardableResult
    func serving(
        _ answer: HTTPResponse, _ body: (String) async throws -> Void
    ) async throws -> (line: String, body: String) {
        var last = (line: "", body: "")
        let server = HTTPServer(endpoint: .tcp(host: "127.0.0.1", port: 0)) { request in
            last = ("\(request.method) \(request.path)", String(decoding: request.body, as: UTF8.self))
            return answer
        }
        try server.start()
        defer { server.stop() }
        try await body("http://127.0.0.1:\(server.port)")
        return last
    }

    func baileys(_ url: String, timeout: String = "5") throws -> BaileysProvider {
        let configuration = try Configuration(
            environment: ["BAILEYS_URL": url + "/", "BAILEYS_TIMEOUT_SECONDS": timeout, "INTERNAL_SECRET": "s"],
            role: .worker
        )
        return BaileysProvider(
            http: HTTPClient(), settings: configuration.baileys,
            gateway: GatewayCalls(configuration.baileys, secret: Secret("s")))
    }

    func twilio(_ url: String, publicURL: String = "") throws -> TwilioProvider {
        let configuration = try Configuration(
            environment: [
                "TWILIO_URL": url + "/", "TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "t",
                "TWILIO_FROM": "+15550009999", "PUBLIC_URL": publicURL,
            ], role: .tool)
        return TwilioProvider(
            http: HTTPClient(), settings: configuration.twilio, publicURL: configuration.api.publicURL)
    }

    @Test(arguments: [
        (200, #"{"ok":true,"messageId":"X","duplicate":true}"#, SendOutcome.sent(providerID: "X")),
        (409, "{}", .refused(.unable(detail: "gateway_cannot_send"))),
        (422, #"{"error":"refused","code":"463"}"#, .refused(.message(code: "whatsapp_463"))),
        (422, "{}", .refused(.message(code: "gateway_422"))),
        (504, "{}", .unknown(detail: "gateway_timeout", isTimeout: true)),
        (500, "{}", .unknown(detail: "gateway_500", isTimeout: false)),
        (200, "garbage", .unknown(detail: "gateway answered 200 without messageId", isTimeout: false)),
        (401, "{}", .refused(.channel(code: "gateway_401"))), (400, "{}", .refused(.message(code: "gateway_400"))),
    ])
    func `the gateway's answers are sorted by what to do`(status: Int, body: String, outcome: SendOutcome) async throws
    {
        let request = try await serving(.json(status: status, body: body)) { url in
            let got = try await baileys(url).send(Self.message)
            #expect(got == outcome)
        }
        #expect(request.line == "POST /whatsapp/shop/send")
        #expect(
            request.body
                == #"{"to":"15550001111@s.whatsapp.net","text":"Hi & bye","messageId":"3EB0C431C26A1916E07E00"}"#)
    }

    @Test(arguments: [
        (200, #"{"state":"sent","messageId":"X"}"#, LookUp.sent(providerID: "X")),
        (200, #"{"state":"sending"}"#, .sending),
        (200, #"{"state":"failed"}"#, .notSent), (404, "{}", .notSent), (500, "{}", .unreachable),
        (200, "?", .unreachable),
    ])
    func `the gateway is asked what became of an id`(status: Int, body: String, answer: LookUp) async throws {
        let request = try await serving(.json(status: status, body: body)) { url in
            let got = try await baileys(url).lookUp(Self.message, since: .now())
            #expect(got == answer)
        }
        #expect(request.line == "GET /whatsapp/shop/messages/3EB0C431C26A1916E07E00")
    }

    @Test(arguments: [
        (["whatsapp:+15550001111"], "15550001111@s.whatsapp.net"), (["15550001111"], "15550001111@s.whatsapp.net"),
        (["US.12", "15550001111@c.us"], "15550001111@s.whatsapp.net"), (["12@lid", "15550001111"], "12@lid"),
        (["12@g.us", "15550001111"], "12@g.us"), (["15550001111@hosted"], "15550001111@hosted"),
    ])
    func `the gateway gets an address of WhatsApp's, whoever the message came from`(
        addresses: [String], to: String
    ) async throws {
        let message = OutboundMessage(
            business: Self.shop, addresses: addresses.compactMap { ContactAddress(rawValue: $0) }, text: "x", id: "i")
        let request = try await serving(.json(body: #"{"ok":true,"messageId":"X"}"#)) { url in
            let got = try await baileys(url).send(message)
            #expect(got == .sent(providerID: "X"))
        }
        #expect(request.body == #"{"to":"\#(to)","text":"x","messageId":"i"}"#)
    }

    @Test func `the gateway cannot reach a user id of Meta's`() throws {
        let hidden = OutboundMessage(
            business: Self.shop, addresses: [ContactAddress(rawValue: "US.12")!], text: "x", id: "i")
        #expect(try baileys("http://127.0.0.1:1").reaches(hidden) == false)
    }

    @Test func `a gateway that does not listen surely has not sent`() async throws {
        let provider = try baileys("http://127.0.0.1:1")
        guard case .refused(.providerDown) = await provider.send(Self.message) else {
            Issue.record("must be refused")
            return
        }
        #expect(await provider.canSend(for: Self.shop) == false)
        #expect(await provider.lookUp(Self.message, since: .now()) == .unreachable)
    }

    @Test(arguments: [(#"{"connected":true,"canSend":true}"#, true), (#"{"connected":true,"canSend":false}"#, false)])
    func `connected is not able to send`(body: String, canSend: Bool) async throws {
        try await serving(.json(status: 200, body: body)) { url in
            let got = try await baileys(url).canSend(for: Self.shop)
            #expect(got == canSend)
        }
    }

    @Test(arguments: [
        (201, #"{"sid":"SM1","status":"queued"}"#, SendOutcome.sent(providerID: "SM1")),
        (400, #"{"code":21211,"status":400}"#, .refused(.contact(code: "twilio_21211"))),
        (400, #"{"code":21610,"status":400}"#, .refused(.contact(code: "twilio_21610"))),
        (400, #"{"code":63016,"status":400}"#, .refused(.message(code: "twilio_63016"))),
        (401, #"{"code":20003,"status":401}"#, .refused(.channel(code: "twilio_20003"))),
        (400, #"{"code":63018,"status":400}"#, .refused(.tooFast(retryAfter: .seconds(1), of: .number))),
        (400, #"{"code":63017,"status":400}"#, .refused(.tooFast(retryAfter: .seconds(1), of: .number))),
        (400, #"{"code":63038,"status":400}"#, .refused(.rateLimited(retryAfter: .seconds(5)))),
        (400, #"{"code":21611,"status":400}"#, .refused(.rateLimited(retryAfter: .seconds(5)))),
        (503, #"{"code":20503,"status":503}"#, .refused(.providerDown(detail: "twilio_20503"))),
        (503, "<html>", .unknown(detail: "twilio_http_503", isTimeout: false)),
        (504, "{}", .unknown(detail: "twilio_http_504", isTimeout: true)),
    ])
    func `Twilio's codes are sorted by what to do`(status: Int, body: String, outcome: SendOutcome) async throws {
        let request = try await serving(.json(status: status, body: body)) { url in
            let got = try await twilio(url).send(Self.message)
            #expect(got == outcome)
        }
        #expect(request.line == "POST /2010-04-01/Accounts/AC1/Messages.json")
        #expect(request.body == "To=whatsapp%3A%2B15550001111&From=whatsapp%3A%2B15550009999&Body=Hi+%26+bye")
    }

    @Test(arguments: [(503, "<html>", 1), (503, #"{"code":20503}"#, 3), (429, "", 3)])
    func `what is Twilio's own fault is tried three times inside one send, what may be sent is not`(
        status: Int, body: String, tries: Int
    ) async throws {
        try await GatewayServer.with(["/2010-04-01/Accounts/AC1/Messages.json": .json(status: status, body: body)]) {
            url, gateway in
            _ = try await twilio(url).send(Self.message)
            #expect(gateway.calls.count == tries)
        }
    }

    private static let since = WallTime(milliseconds: 1_763_659_860_400)  // Thu, 20 Nov 2025 17:31:00.4 +0000

    /// One of Twilio's list, created at this second after 17:31 (negative: before).
    private nonisolated static func listed(
        _ sid: String = "SM1", _ text: String = "Hi & bye", _ status: String = "sent", at second: Int = 0
    ) -> String {
        let time = second < 0 ? "17:30:\(60 + second)" : second < 10 ? "17:31:0\(second)" : "17:31:\(second)"
        return
            #"{"sid":"\#(sid)","body":"\#(text)","status":"\#(status)","date_created":"Thu, 20 Nov 2025 \#(time) +0000"}"#
    }

    @Test(arguments: [
        ([listed()], LookUp.sent(providerID: "SM1")), ([listed(at: 15)], .sent(providerID: "SM1")),
        ([listed("SM1", "Hi & bye", "failed")], .notSent), ([listed("SM1", "other")], .notSent), ([], .notSent),
        // Of an earlier send, or one that no clock can tell from an earlier one.
        ([listed(at: -8)], .notSent), ([listed(at: -3)], .unreachable),
        ([listed("SM2"), listed("SM1")], .unreachable),
        ([listed("SM2", at: 3), listed(at: -8)], .sent(providerID: "SM2")),
        ([#"{"sid":"SM1","body":"Hi & bye","status":"sent"}"#], .unreachable),
        // The list does not reach back.
        (Array(repeating: listed("SM1", "other", at: 9), count: 100), .unreachable),
    ])
    func `Twilio is searched by recipient, time and text`(messages: [String], answer: LookUp) async throws {
        let body = #"{"messages":[\#(messages.joined(separator: ","))]}"#
        let request = try await serving(.json(status: 200, body: body)) { url in
            let got = try await twilio(url).lookUp(Self.message, since: Self.since)
            #expect(got == answer)
        }
        #expect(request.line == "GET /2010-04-01/Accounts/AC1/Messages.json")
    }

    @Test func `what Twilio answers in another form proves nothing`() async throws {
        try await serving(.json(status: 200, body: #"{"unexpected":1}"#)) { url in
            let got = try await twilio(url).lookUp(Self.message, since: Self.since)
            #expect(got == .unreachable)
        }
    }

    @Test func `Twilio cannot reach a contact without a phone`() throws {
        let lid = OutboundMessage(
            business: Self.shop, addresses: [ContactAddress(rawValue: "1234@lid")!], text: "x", id: "i")
        #expect(try twilio("http://127.0.0.1:1").reaches(lid) == false)
        #expect(try baileys("http://127.0.0.1:1").reaches(lid))
    }

    @Test func `Twilio is told where to report, at the business's own path`() async throws {
        let request = try await serving(.json(status: 201, body: #"{"sid":"SM1"}"#)) { url in
            let got = try await twilio(url, publicURL: "https://bot.example.com/wa//").send(Self.message)
            #expect(got == .sent(providerID: "SM1"))
        }
        #expect(
            request.body.hasSuffix(
                "&StatusCallback=https%3A%2F%2Fbot.example.com%2Fwa%2Fwebhook%2Ftwilio%2Fshop%2Fstatus"))
    }

    @Test func `Twilio reaches a user id of Meta's where no phone is known`() async throws {
        let hidden = OutboundMessage(
            business: Self.shop, addresses: [ContactAddress(rawValue: "ID.4566")!], text: "x", id: "i")
        let request = try await serving(.json(status: 201, body: #"{"sid":"SM1"}"#)) { url in
            let provider = try twilio(url)
            #expect(provider.reaches(hidden))
            let got = await provider.send(hidden)
            #expect(got == .sent(providerID: "SM1"))
        }
        #expect(request.body.hasPrefix("To=whatsapp%3AID.4566&"))
    }

    @Test func `an outgoing id follows from job, kind and part`() {
        let id = OutboundID.make(job: "j", kind: .text, part: 0)
        #expect(id.hasPrefix("3EB0") && id.count == 22 && id == id.uppercased())
        #expect(id == OutboundID.make(job: "j", kind: .text, part: 0))
        #expect(id != OutboundID.make(job: "j", kind: .text, part: 1))
        #expect(id != OutboundID.make(job: "j", kind: .fallback, part: 0))
    }
}
