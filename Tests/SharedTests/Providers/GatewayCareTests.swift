import Native
import TestSupport
import Testing

@testable import Shared

@Suite("Care of the gateway", .onLoop)
@LoopActor struct GatewayCareTests {
    private func tend(_ answers: [String: HTTPResponse]) async throws -> (GatewayCare.Outcome, [String]) {
        var outcome = GatewayCare.Outcome.silent, calls: [String] = []
        let answers = Dictionary(uniqueKeysWithValues: answers.map { ("/whatsapp/shop/" + $0.key, $0.value) })
        try await GatewayServer.with(answers) { url, server in
            let settings = try Configuration(
                environment: ["BAILEYS_URL": url, "INTERNAL_SECRET": "s"], role: .worker
            ).baileys
            outcome = await GatewayCare(http: HTTPClient(), gateway: GatewayCalls(settings, secret: Secret("s"))).tend(
                "shop")
            calls = server.calls.map(\.line)
        }
        return (outcome, calls)
    }

    private func status(_ connected: Bool, _ canSend: Bool, starting: Bool = false) -> HTTPResponse {
        .json(body: #"{"connected":\#(connected),"canSend":\#(canSend),"starting":\#(starting)}"#)
    }

    private let idle = HTTPResponse.json(body: #"{"isSending":false,"activeSends":0}"#)
    private static let look = "GET /whatsapp/shop/status"
    private static let question = "GET /whatsapp/shop/sending-status"
    private static let restart = "POST /whatsapp/shop/restart"

    @Test func `one that is connected and cannot send is restarted`() async throws {
        let (outcome, calls) = try await tend([
            "status": status(true, false), "sending-status": idle, "restart": .json(status: 202, body: "{}"),
        ])
        #expect(outcome == .restarted && calls == [Self.look, Self.question, Self.restart])
    }

    @Test func `nobody asks for a restart while something is being sent, or may be`() async throws {
        for sending in [#"{"isSending":true,"activeSends":1}"#, "{}", "<html>"] {
            let (outcome, calls) = try await tend([
                "status": status(true, false), "sending-status": .json(body: sending),
                "restart": .json(status: 202, body: "{}"),
            ])
            #expect(outcome == .busy && calls == [Self.look, Self.question])
        }
        // A send that began in between.
        let (outcome, _) = try await tend([
            "status": status(true, false), "sending-status": idle,
            "restart": .json(status: 409, body: #"{"error":"busy"}"#),
        ])
        #expect(outcome == .busy)
    }

    @Test func `one that works, or that a restart does not mend, is left alone`() async throws {
        for (answer, expected) in [
            (status(true, true), GatewayCare.Outcome.able), (status(false, false), .unable),
            (status(true, false, starting: true), .unable), (.json(status: 500, body: "{}"), .silent),
            (.json(body: "<html>"), .silent),
        ] {
            let (outcome, calls) = try await tend(["status": answer, "sending-status": idle])
            #expect(outcome == expected && calls == [Self.look])
        }
    }
}
