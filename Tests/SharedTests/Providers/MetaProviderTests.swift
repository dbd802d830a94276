import Native
import TestSupport
import Testing

@testable import Shared

/// Meta's Cloud API against a server of the test's own that answers as told.
@Suite("Meta provider", .onLoop)
@LoopActor struct MetaProviderTests {
    private static let sent =
        #"{"messaging_product":"whatsapp","messages":[{"id":"wamid.X","message_status":"accepted"}]}"#

    private func message(_ addresses: String...) -> OutboundMessage {
        OutboundMessage(
            business: Business(id: "shop", name: "Shop"),
            addresses: addresses.compactMap { ContactAddress(rawValue: $0) }, text: "Hi 👋", id: "3EB0C431",
            traceparent: "00-1-2-01")
    }

    private func provider(
        _ url: String, _ environment: [String: String] = [:], told: @escaping MetaProvider.Told = { _, _ in nil }
    ) throws -> MetaProvider {
        let configuration = try Configuration(
            environment: ["META_URL": url + "/v21.0", "META_ACCESS_TOKEN": "t", "META_PHONE_NUMBER_ID": "42"].merging(
                environment
            ) { $1 }, role: .tool)
        return MetaProvider(http: HTTPClient(), settings: configuration.meta, told: told)
    }

    private struct Call: Equatable { var line, body, authorization: String }

    /// Runs `body` with the URL of a server that gives the answers one after the other, the last one again and again.
    @discardableResult
    private func serving(
        _ answers: HTTPResponse..., body: (String) async throws -> Void
    ) async throws -> [Call] {
        var calls: [Call] = []
        let server = HTTPServer(endpoint: .tcp(host: "127.0.0.1", port: 0)) { request in
            calls.append(
                Call(
                    line: "\(request.method) \(request.path)", body: String(decoding: request.body, as: UTF8.self),
                    authorization: request.header("Authorization") ?? ""))
            return answers[min(calls.count, answers.count) - 1]
        }
        try server.start()
        defer { server.stop() }
        try await body("http://127.0.0.1:\(server.port)")
        return calls
    }

    @Test func `a phone goes by to, with our id for the statuses`() async throws {
        let calls = try await serving(.json(body: Self.sent)) { url in
            let got = try await provider(url).send(message("1234@lid", "15550001111@s.whatsapp.net", "US.12"))
            #expect(got == .sent(providerID: "wamid.X"))
        }
        let body = """
            {"messaging_product":"whatsapp","recipient_type":"individual","to":"15550001111","type":"text",\
            "text":{"preview_url":false,"body":"Hi 👋"},"biz_opaque_callback_data":"3EB0C431"}
            """
        #expect(calls == [Call(line: "POST /v21.0/42/messages", body: body, authorization: "Bearer t")])
    }

    @Test func `a user id goes by recipient`() async throws {
        let calls = try await serving(.json(body: Self.sent)) { url in
            let got = try await provider(url, ["META_URL": url + "/v21.0//"]).send(message("US.ENT.12"))
            #expect(got == .sent(providerID: "wamid.X"))
        }
        #expect(calls.first?.body.contains(#""recipient":"US.ENT.12""#) == true)
        #expect(calls.first?.body.contains(#""to""#) == false)
    }

    @Test func `a business's own number and token are used`() async throws {
        let calls = try await serving(.json(body: Self.sent)) { url in
            var own = Business(id: "own", name: "Own")
            own.settings.metaPhoneNumberID = "77"
            own.settings.metaAccessToken = "own-token"
            let outbound = OutboundMessage(
                business: own, addresses: message("15550001111").addresses, text: "x", id: "i")
            let got = try await provider(url).send(outbound)
            #expect(got == .sent(providerID: "wamid.X"))
        }
        #expect(calls.first?.line == "POST /v21.0/77/messages" && calls.first?.authorization == "Bearer own-token")
    }

    @Test func `without an account or an address it can use it reaches nobody`() async throws {
        let closed = try provider("http://127.0.0.1:1", ["META_ACCESS_TOKEN": ""])
        #expect(closed.reaches(message("15550001111")) == false)
        #expect(await closed.canSend(for: Business(id: "shop", name: "Shop")) == false)
        let open = try provider("http://127.0.0.1:1")
        #expect(open.reaches(message("15550001111")) && !open.reaches(message("1234@lid")))
        #expect(await open.canSend(for: Business(id: "shop", name: "Shop")))
    }

    /// Longer ago than statuses are waited for.
    private static var longAgo: WallTime { WallTime(milliseconds: WallTime.now().milliseconds - 60_000) }

    @Test func `what became of a send is what statuses told of it, under the business or its number`() async throws {
        var asked: [String] = []
        var told: [(providerID: String, hasFailed: Bool)?] = [nil, ("wamid.X", false), ("wamid.X", true)]
        let provider = try provider("http://127.0.0.1:1") { id, tenants in
            asked = [id] + tenants
            return told.removeFirst()
        }
        let open = await provider.lookUp(message("15550001111"), since: Self.longAgo)
        #expect(open == .unreachable && asked == ["3EB0C431", "shop", "meta.42"])
        let sent = await provider.lookUp(message("15550001111"), since: Self.longAgo)
        #expect(sent == .sent(providerID: "wamid.X"))
        let failed = await provider.lookUp(message("15550001111"), since: Self.longAgo)
        #expect(failed == .notSent)
    }

    @Test func `a status that is on its way is waited for`() async throws {
        var times = 0
        let provider = try provider("http://127.0.0.1:1") { _, _ in
            times += 1
            return times == 3 ? ("wamid.X", false) : nil
        }
        let answer = await provider.lookUp(message("15550001111"), since: .now())
        #expect(answer == .sent(providerID: "wamid.X") && times == 3)
    }

    @Test(arguments: [
        ([4, 80007, 131048], SendOutcome.refused(.rateLimited(retryAfter: .seconds(9)))),
        ([130429], .refused(.tooFast(retryAfter: .seconds(9), of: .number))),
        ([131056], .refused(.tooFast(retryAfter: .seconds(9), of: .pair))),
        ([131021, 131030, 131050, 137000], .refused(.contact(code: "meta_?"))),
        (
            [0, 3, 10, 190, 200, 250, 299, 368, 131031, 131037, 131042, 131045, 130497],
            .refused(.channel(code: "meta_?"))
        ),
        (
            [
                33, 100, 130472, 131008, 131009, 131026, 131047, 131049, 131051, 131052, 131053, 131062, 132000,
                132001, 132016, 999_999,
            ], .refused(.message(code: "meta_?"))
        ),
    ])
    func `Meta's codes are sorted by what to do, whatever the status`(codes: [Int], outcome: SendOutcome) async throws {
        for code in codes {
            // Longer than is waited for inside a send.
            let answer = HTTPResponse.json(
                status: 400, body: #"{"error":{"message":"(#1) m","type":"OAuthException","code":\#(code)}}"#,
                headers: [("Retry-After", "9")])
            let calls = try await serving(answer) { url in
                let got = try await provider(url).send(message("15550001111"))
                #expect(got.named(code) == outcome.named(code))
            }
            #expect(calls.count == 1)
        }
    }

    @Test(arguments: [1, 2, 131000, 131016, 131057, 131064, 133016])
    func `what passes is tried three times inside one send`(code: Int) async throws {
        let failure = HTTPResponse.json(status: 500, body: #"{"error":{"code":\#(code)}}"#)
        let failed = try await serving(failure) { url in
            let got = try await provider(url).send(message("15550001111"))
            #expect(got == .refused(.providerDown(detail: "meta_\(code)")))
        }
        #expect(failed.count == 3)
        let passed = try await serving(failure, .json(body: Self.sent)) { url in
            let got = try await provider(url).send(message("15550001111"))
            #expect(got == .sent(providerID: "wamid.X"))
        }
        #expect(passed.count == 2)
    }

    @Test func `the limit of a pair is waited for outside`() async throws {
        let calls = try await serving(.json(status: 400, body: #"{"error":{"code":131056}}"#)) { url in
            let got = try await provider(url).send(message("15550001111"))
            #expect(got == .refused(.tooFast(retryAfter: .seconds(6), of: .pair)))
        }
        #expect(calls.count == 1)
    }

    @Test(arguments: [
        // A code that is not known to come before the send.
        (500, #"{"error":{"code":131999}}"#, SendOutcome.unknown(detail: "meta_131999", isTimeout: false)),
        (502, "<html>", SendOutcome.unknown(detail: "meta_http_502", isTimeout: false)),
        (200, "{}", .unknown(detail: "meta answered 200 without an id", isTimeout: false)),
        (401, "", .refused(.channel(code: "meta_http_401"))), (404, "", .refused(.message(code: "meta_http_404"))),
        (429, "", .refused(.rateLimited(retryAfter: .seconds(5)))),
    ])
    func `an answer that does not say "not sent" by a code of its own is never repeated`(
        status: Int, body: String, outcome: SendOutcome
    ) async throws {
        let calls = try await serving(.json(status: status, body: body)) { url in
            let got = try await provider(url).send(message("15550001111"))
            #expect(got == outcome)
        }
        #expect(calls.count == 1)
    }
}

extension SendOutcome {
    /// With the code in place of a `?`.
    fileprivate func named(_ code: Int) -> String { "\(self)".replacing("?", with: "\(code)") }
}
