import Native

/// A gateway as a process, and what a test makes of its WhatsApp.
@LoopActor protocol GatewayUnderTest: AnyObject {
    /// Without a slash at its end.
    var url: String { get }
    var client: HTTPClient { get }

    /// Has the business `shop` paired and able to send.
    func pair() async throws
    func answer(_ how: WhatsAppAnswer) async throws
    /// The business is not able to send from here on.
    func disable() async throws
    /// A message comes that brings these bytes.
    func bring(_ bytes: String, type: String, with id: String) async throws
    /// Ids of what went out for `shop`, in order.
    func delivered() async throws -> [String]
    func stop() async
}

/// What WhatsApp makes of a send.
enum WhatsAppAnswer: Sendable, Equatable {
    case takes
    /// After so many milliseconds.
    case takesLate(Int)
    case refuses
    case isSilent
}

extension GatewayUnderTest {
    static var secret: String { "a-secret-of-the-tests" }

    /// One call about `shop`, with the secret unless another is given.
    func call(
        _ method: String, _ name: String, _ body: String = "", secret: String? = nil, timeout: Duration = .seconds(60)
    ) async throws -> GatewayReply {
        let proof = secret ?? Self.secret
        let response = try await client.send(
            HTTPClient.Request(
                method: method, url: "\(url)/whatsapp/shop/\(name)",
                headers: [("Content-Type", "application/json"), ("X-Internal-Secret", proof)],
                body: Array(body.utf8), timeout: timeout, allowsPrivateAddresses: true))
        return GatewayReply(status: response.status, body: response.body)
    }

    func send(_ id: String, text: String = "Hi") async throws -> GatewayReply {
        try await call(
            "POST", "send", #"{"to":"972501234567@s.whatsapp.net","text":"\#(text)","messageId":"\#(id)"}"#)
    }

    /// Looks until it holds.
    func until(_ what: String, _ holds: @LoopActor () async throws -> Bool) async throws {
        let deadline = MonotonicInstant.now() + .seconds(60)
        while try await !holds() {
            if deadline < .now() { throw NeverHappened(description: "waited in vain: \(what)") }
            try await LoopActor.loop.sleep(for: .milliseconds(20))
        }
    }
}

struct NeverHappened: Error, CustomStringConvertible {
    let description: String
}
