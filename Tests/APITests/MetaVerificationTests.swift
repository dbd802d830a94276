import Native
import Shared
import TestSupport
import Testing

@testable import API

@Suite("Meta's verification", .onLoop)
@LoopActor struct MetaVerificationTests {
    nonisolated private static let good = "hub.mode=subscribe&hub.verify_token=a%2Bb&hub.challenge=1158201444"

    @Test(
        arguments: [
            (good, "a+b", 200, "1158201444"), (good, nil, 401, #"{"error":"unauthorized"}"#),
            (good, "other", 403, #"{"error":"forbidden"}"#), ("", "a+b", 403, #"{"error":"forbidden"}"#),
            ("hub.mode=unsubscribe&hub.verify_token=a%2Bb&hub.challenge=1", "a+b", 403, #"{"error":"forbidden"}"#),
            (
                "hub.mode=subscribe&hub.verify_token=a%2Bb", "a+b", 400,
                #"{"error":"bad_request","message":"hub.challenge is missing"}"#
            ),
        ] as [(String, String?, Int, String)])
    func `only who knows the token gets its challenge back`(
        query: String, token: String?, status: Int, body: String
    ) async throws {
        let verification = MetaVerification(
            rejections: RejectionLog(Log(level: .error, write: { _ in }), .meta), token: token.map(Secret.init))
        let routes = Routes(
            [.get("/webhook/meta", verification.handle)], health: HealthRoutes(metrics: Metrics()) { nil })
        let server = HTTPServer(endpoint: .tcp(host: "127.0.0.1", port: 0), handler: routes.handle)
        try server.start()
        defer { server.stop() }
        var request = HTTPClient.Request(
            method: "GET", url: "http://127.0.0.1:\(server.port)/webhook/meta?\(query)")
        request.allowsPrivateAddresses = true
        let answer = try await HTTPClient().send(request)
        #expect(answer.status == status && String(decoding: answer.body, as: UTF8.self) == body)
        if status == 200 { #expect(answer.header("Content-Type")?.hasPrefix("text/plain") == true) }
    }
}
