import Native
import TestSupport
import Testing

@testable import Shared

/// What each provider's answer says of a message that it took.
@Suite("State of a sent message", .onLoop)
@LoopActor struct SentStateTests {
    static let shop = Business(id: "shop", name: "Shop")
    static let sent = SentMessage(
        business: shop,
        addresses: [
            ContactAddress(rawValue: "5511999990000@s.whatsapp.net")!, ContactAddress(rawValue: "77@lid")!,
        ],
        providerID: "3EB0X")

    private func configuration(_ url: String) throws -> Configuration {
        try Configuration(
            environment: [
                "BAILEYS_URL": url, "INTERNAL_SECRET": "s", "TWILIO_URL": url, "TWILIO_ACCOUNT_SID": "AC1",
                "TWILIO_AUTH_TOKEN": "t", "TWILIO_FROM": "+15550009999", "EVOLUTION_URL": url,
                "EVOLUTION_API_KEY": "key", "WAHA_URL": url, "WAHA_API_KEY": "key",
                "OUTBOUND_ALLOW_HOSTS": "127.0.0.1",
            ], role: .tool)
    }

    private func expect(
        _ state: SentState, from answers: [String: HTTPResponse], asking line: String,
        _ provider: @LoopActor (Configuration) -> any Provider, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try await GatewayServer.with(answers) { url, gateway in
            let got = await provider(try configuration(url)).state(of: Self.sent)
            #expect(got == state, sourceLocation: sourceLocation)
            #expect(gateway.calls.first?.line == line, sourceLocation: sourceLocation)
        }
    }

    @Test(arguments: [
        (
            200, #"{"status":"read","date_updated":"Thu, 20 Nov 2025 17:31:00 +0000","error_code":null}"#,
            SentState.told(.read, at: WallTime(milliseconds: 1_763_659_860_000))
        ),
        (200, #"{"status":"sent"}"#, .told(.sent)), (200, #"{"status":"delivered"}"#, .told(.delivered)),
        (
            200, #"{"status":"undelivered","error_code":63016,"error_message":"outside"}"#,
            .told(.failed, error: "63016: outside")
        ),
        (200, #"{"status":"failed","error_code":null}"#, .told(.failed, error: "failed")),
        (200, #"{"status":"queued"}"#, .pending), (200, "{}", .unreachable), (200, "garbage", .unreachable),
        (404, #"{"code":20404}"#, .untold), (429, #"{"code":20429}"#, .rateLimited), (401, "{}", .unreachable),
        (500, "{}", .unreachable),
    ])
    func `Twilio's`(status: Int, body: String, state: SentState) async throws {
        let path = "/2010-04-01/Accounts/AC1/Messages/3EB0X.json"
        try await expect(state, from: [path: .json(status: status, body: body)], asking: "GET " + path) {
            TwilioProvider(http: HTTPClient(), settings: $0.twilio, publicURL: nil)
        }
    }

    @Test(arguments: [
        (200, #"{"state":"sent","messageId":"3EB0X"}"#, SentState.told(.sent)),
        (200, #"{"state":"sending"}"#, .pending),
        (200, #"{"state":"failed","code":"463"}"#, .told(.failed, error: "463")),
        (200, #"{"state":"failed"}"#, .told(.failed, error: "refused")), (200, "{}", .unreachable),
        (404, "{}", .untold), (429, "{}", .rateLimited), (503, "{}", .unreachable),
    ])
    func `the gateway's`(status: Int, body: String, state: SentState) async throws {
        let path = "/whatsapp/shop/messages/3EB0X"
        try await expect(state, from: [path: .json(status: status, body: body)], asking: "GET " + path) {
            BaileysProvider(http: HTTPClient(), settings: $0.baileys, gateway: GatewayCalls($0))
        }
    }

    nonisolated private static func record(_ updates: String, id: String = "3EB0X") -> String {
        #"{"messages":{"records":[{"key":{"id":"\#(id)","fromMe":true}\#(updates)}]}}"#
    }

    @Test(arguments: [
        (200, record(#","MessageUpdate":[]"#), SentState.pending), (201, record(""), .pending),
        (200, record(#","MessageUpdate":[{"status":"SERVER_ACK"}]"#), .told(.sent)),
        (200, record(#","MessageUpdate":[{"status":"READ"},{"status":"DELIVERY_ACK"}]"#), .told(.read)),
        (200, record(#","MessageUpdate":[{"status":"ERROR"}]"#), .told(.failed, error: "evolution_error")),
        (200, record(#","MessageUpdate":[{"status":"ERROR"},{"status":"DELIVERY_ACK"}]"#), .told(.delivered)),
        (200, record(#","MessageUpdate":[{"status":"DELETED"}]"#), .pending),
        (200, record(#","MessageUpdate":[{"status":"READ"}]"#, id: "3EB0Y"), .untold),
        (200, #"{"messages":{"records":[]}}"#, .untold), (200, "{}", .unreachable), (429, "{}", .rateLimited),
        (401, "{}", .unreachable), (500, "{}", .unreachable),
    ])
    func `Evolution's`(status: Int, body: String, state: SentState) async throws {
        let path = "/chat/findMessages/shop"
        try await expect(state, from: [path: .json(status: status, body: body)], asking: "POST " + path) {
            EvolutionProvider(http: HTTPClient(), settings: $0.evolution)
        }
    }

    nonisolated private static func message(_ ack: String, id: String = "true_5511999990000@c.us_3EB0X") -> String {
        #"{"id":"\#(id)","fromMe":true\#(ack)}"#
    }

    @Test(arguments: [
        (200, message(#","ack":1,"ackName":"SERVER""#), SentState.told(.sent)),
        (200, message(#","ack":3"#), .told(.read)), (200, message(#","ackName":"DEVICE""#), .told(.delivered)),
        (200, message(#","ack":-1,"ackName":"ERROR""#), .told(.failed, error: "waha_ack_error")),
        (200, message(#","ack":0,"ackName":"PENDING""#), .pending),
        (200, message(#","ack":null,"ackName":"UNKNOWN""#), .untold), (200, message(""), .untold),
        (200, message(#","ack":3"#, id: "true_5511999990000@c.us_3EB0Y"), .untold), (200, "", .untold),
        (429, "{}", .rateLimited), (422, "{}", .unreachable), (500, "{}", .unreachable),
    ])
    func `WAHA's`(status: Int, body: String, state: SentState) async throws {
        let path = "/api/shop/chats/5511999990000@c.us/messages/true_5511999990000@c.us_3EB0X"
        try await expect(
            state, from: [path: .json(status: status, body: body)], asking: "GET \(path)?downloadMedia=false"
        ) { WAHAProvider(http: HTTPClient(), settings: $0.waha) }
    }

    @Test func `a chat that WAHA has under another address of the contact's is found`() async throws {
        let path = "/api/shop/chats/77@lid/messages/true_77@lid_3EB0X"
        let answers = [path: HTTPResponse.json(body: Self.message(#","ack":2"#, id: "true_77@lid_3EB0X"))]
        try await expect(
            .told(.delivered), from: answers,
            asking:
                "GET /api/shop/chats/5511999990000@c.us/messages/true_5511999990000@c.us_3EB0X?downloadMedia=false"
        ) { WAHAProvider(http: HTTPClient(), settings: $0.waha) }
    }

    @Test func `a server that does not answer cannot be asked`() async throws {
        let configuration = try configuration("http://127.0.0.1:9"), http = HTTPClient()
        let providers: [any Provider] = [
            BaileysProvider(http: http, settings: configuration.baileys, gateway: GatewayCalls(configuration)),
            TwilioProvider(http: http, settings: configuration.twilio, publicURL: nil),
            EvolutionProvider(http: http, settings: configuration.evolution),
            WAHAProvider(http: http, settings: configuration.waha),
        ]
        for provider in providers {
            let state = await provider.state(of: Self.sent)
            #expect(state == .unreachable, "\(provider.name)")
        }
    }
}
