import Native

/// Speaks for one contact to the API, and hears from the simulator what the contact gets.
@LoopActor final class ChatConnection {
    private let target: ChatTarget
    private let contact: String
    private let http = HTTPClient(keptConnections: 4)
    /// The last message that was seen.
    private var lastSequence = 0
    private var sent = 0
    private let session = Hex.encode(randomBytes(6)).uppercased()

    init(_ target: ChatTarget, contact: String) {
        self.target = target
        self.contact = contact
    }

    /// Passes over what the contact got before.
    func begin() async throws(ChatFailure) { _ = try await replies(within: .zero) }

    /// Returns once the message is accepted.
    func send(_ text: String) async throws(ChatFailure) {
        sent += 1
        let now = WallTime.now().milliseconds
        let webhook = GatewayWebhook(
            business: target.business, contact: contact, id: "CHAT\(session)\(now)\(sent)", text: text,
            timestamp: Int(now / 1000))
        let request = HTTPClient.Request(
            method: "POST", url: target.api + "/webhook/whatsapp/incoming",
            headers: [("Content-Type", "application/json"), ("X-Internal-Secret", target.secret)], body: webhook.body,
            timeout: .seconds(10), allowsPrivateAddresses: true)
        let response = try await call(request, "the API")
        guard response.status == 200 else { throw ChatFailure(Self.refusal("the API", response)) }
        let accepted = (try? JSON.read(response.body) { $0["accepted"]?.int }) ?? nil
        if accepted == 0 {
            throw ChatFailure("the API did not take the message: \(String(decoding: response.body, as: UTF8.self))")
        }
    }

    /// What came since the last call, waiting for something to come.
    ///
    /// - Parameter wait: 0 to 25 s. Then nothing is returned.
    func replies(within wait: Duration) async throws(ChatFailure) -> [SimulatorMessage] {
        let url =
            "\(target.simulator)/simulator/messages?contact=\(contact)&after=\(lastSequence)&wait_ms=\(wait.milliseconds)"
        let request = HTTPClient.Request(url: url, timeout: wait + .seconds(10), allowsPrivateAddresses: true)
        let response = try await call(request, "the simulator")
        guard response.status == 200 else { throw ChatFailure(Self.refusal("the simulator", response)) }
        do throws(JSONError) {
            let messages = try SimulatorMessage.list(response.body)
            lastSequence = max(lastSequence, messages.last?.sequence ?? 0)
            return messages.filter { $0.mayBe(from: target.business) }
        } catch {
            throw ChatFailure("the simulator's answer cannot be read: \(error)")
        }
    }

    private func call(_ request: HTTPClient.Request, _ who: String) async throws(ChatFailure) -> HTTPClient.Response {
        do throws(HTTPClientError) {
            return try await http.send(request)
        } catch {
            throw ChatFailure("\(who) cannot be reached at \(request.url): \(error)")
        }
    }

    private static func refusal(_ who: String, _ response: HTTPClient.Response) -> String {
        let said = String(decoding: response.body.prefix(300), as: UTF8.self)
        return response.status == 401
            ? "\(who) refused the secret; set INTERNAL_SECRET to the one it runs with"
            : "\(who) answered \(response.status): \(said)"
    }
}
