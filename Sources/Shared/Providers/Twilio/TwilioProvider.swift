import Native

/// Sends through Twilio's Messages resource. Twilio keeps no id of ours, so a send with an unknown outcome is looked
/// up by recipient, time and text before anybody sends again.
@LoopActor package final class TwilioProvider: Provider {
    package let name = ProviderName.twilio
    package let attempts = 1
    package let keepsIDs = false

    private let http: HTTPClient
    private let settings: TwilioSettings
    private let authorization: String
    private static let timeout: Duration = .seconds(15)
    /// Tries of one send on answers that say "not processed".
    private static let tries = 3

    package init(http: HTTPClient, settings: TwilioSettings) {
        self.http = http
        self.settings = settings
        authorization =
            "Basic " + Base64.encode(Array("\(settings.accountSID):\(settings.authToken.exposed)".utf8))
    }

    package func reaches(_ message: OutboundMessage) -> Bool { message.phone != nil }

    package func canSend(_ tenant: String) async -> Bool { true }

    package func send(_ message: OutboundMessage) async -> SendOutcome {
        guard let phone = message.phone else { return .refused(.message(code: "no_phone")) }
        var request = request("POST", "Messages.json")
        request.headers.append(("Content-Type", "application/x-www-form-urlencoded"))
        if let traceparent = message.traceparent { request.headers.append(("traceparent", traceparent)) }
        request.body = Array(
            FormEncoding.encode([
                ("To", "whatsapp:+\(phone)"), ("From", settings.from), ("Body", message.text),
            ]).utf8)
        var attempt = 1
        do throws(HTTPClientError) {
            while true {
                let answer = try await http.send(request)
                guard attempt < Self.tries, let wait = TwilioAnswer.wait(answer, attempt: attempt) else {
                    return TwilioAnswer.outcome(of: answer)
                }
                try await pause(wait)
                attempt += 1
            }
        } catch {
            return SendOutcome(error)
        }
    }

    package func lookUp(_ message: OutboundMessage, since: WallTime) async -> LookUp {
        guard let phone = message.phone else { return .notSent }
        let query = FormEncoding.encode([("To", "whatsapp:+\(phone)"), ("PageSize", "100")])
        guard let answer = try? await http.send(request("GET", "Messages.json?\(query)")), answer.status == 200 else {
            return .unreachable
        }
        // Twilio's clock may be behind ours by as much.
        return TwilioAnswer.find(message, since: WallTime(milliseconds: since.milliseconds - 5000), in: answer)
    }

    private func request(_ method: String, _ path: String) -> HTTPClient.Request {
        var request = HTTPClient.Request(
            method: method, url: "\(settings.url)/2010-04-01/Accounts/\(settings.accountSID)/\(path)")
        request.headers = [("Authorization", authorization)]
        request.timeout = Self.timeout
        request.allowsPrivateAddresses = true
        return request
    }

    private func pause(_ wait: Duration) async throws(HTTPClientError) {
        do { try await LoopActor.loop.sleep(for: wait) } catch { throw .cancelled }
    }
}
