import Native
import TestSupport
import Testing

@testable import Shared

/// What is said of WhatsApp's acknowledgement of a message that a gateway took.
@Suite("Acknowledgement of a sent message", .onLoop)
@LoopActor struct AcknowledgementTests {
    static let sent = SentMessage(
        business: Business(id: "shop", name: "Shop"),
        addresses: [ContactAddress(rawValue: "5511999990000@s.whatsapp.net")!], providerID: "3EB0X")

    /// A gateway that answers with what the test says, and counts questions.
    private final class Gateway {
        var calls = 0
        var answer: @LoopActor (HTTPRequest) -> String

        init(_ answer: @escaping @LoopActor (HTTPRequest) -> String) { self.answer = answer }
    }

    private func serving(_ gateway: Gateway, _ body: @LoopActor (Configuration) async throws -> Void) async throws {
        let server = HTTPServer(endpoint: .tcp(host: "127.0.0.1", port: 0)) { request in
            gateway.calls += 1
            return .json(body: gateway.answer(request))
        }
        try server.start()
        defer { server.stop() }
        let url = "http://127.0.0.1:\(server.port)"
        try await body(
            Configuration(
                environment: [
                    "EVOLUTION_URL": url, "EVOLUTION_API_KEY": "key", "WAHA_URL": url, "WAHA_API_KEY": "key",
                    "OUTBOUND_ALLOW_HOSTS": "127.0.0.1",
                ], role: .tool))
    }

    // MARK: Evolution

    /// The statuses of the message, and of another one of ours; nil: there is none.
    private func evolution(_ own: String?, other: String?) -> Gateway {
        Gateway { request in
            let isOwn = String(decoding: request.body, as: UTF8.self).contains("3EB0X")
            let record = (isOwn ? own : other).map {
                #"{"key":{"id":"\#(isOwn ? "3EB0X" : "3EB0Y")","fromMe":true},"MessageUpdate":[\#($0)]}"#
            }
            return #"{"messages":{"records":[\#(record ?? "")]}}"#
        }
    }

    nonisolated private static let taken = #"{"status":"SERVER_ACK"}"#, failed = #"{"status":"ERROR"}"#

    @Test(
        arguments: [
            (taken, nil, SentState.told(.sent)), (failed, taken, .told(.failed, error: "evolution_error")),
            ("", taken, .pending),
            // Nothing is told of any: it may keep no statuses.
            ("", "", .untold), ("", failed, .untold), ("", nil, .untold), (nil, taken, .untold),
        ] as [(String?, String?, SentState)])
    func `Evolution's records`(own: String?, other: String?, state: SentState) async throws {
        let gateway = evolution(own, other: other)
        try await serving(gateway) { configuration in
            let provider = EvolutionProvider(http: HTTPClient(), settings: configuration.evolution)
            let got = await provider.acknowledgement(of: Self.sent, patience: .zero)
            #expect(got == state)
            guard state == .untold else { return }
            // What tells nothing is neither asked again nor waited for.
            let calls = gateway.calls
            let again = await provider.acknowledgement(of: Self.sent, patience: .seconds(3600))
            #expect(again == .untold && gateway.calls == calls)
        }
    }

    @Test func `an acknowledgement that comes while it is waited for is heard by a receipt, and else from the gateway`()
        async throws
    {
        for hears in [true, false] {
            var isTaken = false
            let gateway = Gateway { request in
                #"{"messages":{"records":[{"key":{"id":"3EB0X"},"MessageUpdate":[\#(isTaken ? Self.taken : "")]}]}}"#
            }
            var asked = 0
            try await serving(gateway) { configuration in
                let provider = EvolutionProvider(
                    http: HTTPClient(), settings: configuration.evolution,
                    told: ToldByReceipts { id, tenants in
                        #expect(id == "3EB0X" && tenants == ["shop", "evolution.shop"])
                        asked += 1
                        if asked == 2 { isTaken = true }
                        return hears && isTaken ? (id, false) : nil
                    })
                let state = await provider.acknowledgement(of: Self.sent, patience: .seconds(2))
                #expect(state == .told(.sent))
                #expect(hears == (gateway.calls == 0))
            }
        }
    }

    @Test func `a refusal that a receipt tells needs no question`() async throws {
        let gateway = evolution("", other: Self.taken)
        try await serving(gateway) { configuration in
            let provider = EvolutionProvider(
                http: HTTPClient(), settings: configuration.evolution, told: ToldByReceipts { id, _ in (id, true) })
            let state = await provider.acknowledgement(of: Self.sent, patience: .zero)
            #expect(state == .told(.failed, error: "evolution_error") && gateway.calls == 0)
        }
    }

    // MARK: WAHA

    /// - Parameters:
    ///   - own: the message's `ack`.
    ///   - other: that of another one in the chat.
    private func waha(_ engine: String, own: Int, other: Int) -> Gateway {
        func message(_ id: String, _ ack: Int) -> String {
            #"{"id":"true_5511999990000@c.us_\#(id)","fromMe":true,"ack":\#(ack)}"#
        }
        return Gateway { request in
            if request.path.hasPrefix("/api/sessions/") {
                return #"{"name":"shop","status":"WORKING","engine":{"engine":"\#(engine)"}}"#
            }
            return request.path.hasSuffix("/messages")
                ? "[\(message("3EB0Y", other)),\(message("3EB0X", own))]" : message("3EB0X", own)
        }
    }

    @Test(arguments: [
        ("NOWEB", 1, 0, SentState.told(.sent)), ("NOWEB", 0, 2, .pending), ("WEBJS", 0, 1, .pending),
        ("NOWEB", 0, 0, .untold), ("NOWEB", 0, -1, .untold), ("NOWEB", -1, 2, .told(.failed, error: "waha_ack_error")),
        // It answers a send when WhatsApp's server has it.
        ("GOWS", 0, 2, .told(.sent)),
    ])
    func `WAHA's chat`(engine: String, own: Int, other: Int, state: SentState) async throws {
        try await serving(waha(engine, own: own, other: other)) { configuration in
            let provider = WAHAProvider(http: HTTPClient(), settings: configuration.waha)
            let got = await provider.acknowledgement(of: Self.sent, patience: .zero)
            #expect(got == state)
        }
    }
}
