import Native

/// Sends through Twilio's Messages resource. Twilio keeps no id of ours, so a send with an unknown outcome is looked
/// up by recipient, time and text before anybody sends again.
@LoopActor package final class TwilioProvider: Provider {
    package let name = ProviderName.twilio
    package let attempts = 1
    package let keepsIDs = false

    private let http: HTTPClient
    private let settings: TwilioSettings
    /// Ours, without a slash at its end: Twilio reports there what becomes of a message. nil: it does not.
    private let publicURL: String?
    private var known = KnownSends()
    private static let timeout: Duration = .seconds(15)
    private static let stateTimeout: Duration = .seconds(5)

    /// - Parameter publicURL: `PUBLIC_URL`, without a slash at its end.
    package init(http: HTTPClient, settings: TwilioSettings, publicURL: String?) {
        self.http = http
        self.publicURL = publicURL
        self.settings = settings
    }

    package func reaches(_ message: OutboundMessage) -> Bool {
        Self.recipient(message) != nil && settings.account(of: message.business.settings) != nil
    }

    package func ability(of business: Business) async -> SendAbility {
        settings.account(of: business.settings) == nil ? .unable : .able
    }

    package func send(_ message: OutboundMessage) async -> SendOutcome {
        guard let recipient = Self.recipient(message) else { return .refused(.message(code: "no_address")) }
        guard let account = settings.account(of: message.business.settings) else {
            return .refused(.channel(code: "no_account"))
        }
        var request = request("POST", "Messages.json", account)
        request.headers.append(("Content-Type", "application/x-www-form-urlencoded"))
        if let traceparent = message.traceparent { request.headers.append(("traceparent", traceparent)) }
        var form = [("To", recipient), ("From", account.from)] + Self.content(message)
        if let publicURL {
            form.append(("StatusCallback", "\(publicURL)/webhook/twilio/\(message.business.id)/status"))
        }
        request.body = Array(FormEncoding.encode(form).utf8)
        do throws(HTTPClientError) {
            let answer = try await http.send(request, again: TwilioAnswer.mayPass)
            let outcome = TwilioAnswer.outcome(of: answer)
            known.note(outcome, of: message)
            return outcome
        } catch {
            return SendOutcome(error)
        }
    }

    package func lookUp(_ message: OutboundMessage, since: WallTime) async -> LookUp {
        guard let recipient = Self.recipient(message), let account = settings.account(of: message.business.settings)
        else {
            return .notSent
        }
        let query = FormEncoding.encode([("To", recipient), ("PageSize", "\(TwilioAnswer.searchLimit)")])
        guard let answer = try? await http.send(request("GET", "Messages.json?\(query)", account)), answer.status == 200
        else {
            return .unreachable
        }
        let result = TwilioAnswer.find(message, since: since, knowing: known, in: answer)
        known.note(result, of: message)
        return result
    }

    package func state(of message: SentMessage) async -> SentState {
        guard let account = settings.account(of: message.business.settings) else { return .untold }
        let path = "Messages/\(PathSegment.encode(message.providerID)).json"
        var request = request("GET", path, account)
        request.timeout = Self.stateTimeout
        guard let answer = try? await http.send(request) else { return .unreachable }
        return TwilioAnswer.state(answer)
    }

    /// Source: Twilio's "Send templates created with the Content Template Builder".
    private static func content(_ message: OutboundMessage) -> [(String, String)] {
        guard message.needsTemplate.contains(.twilio), let template = message.business.settings.twilioTemplate else {
            return [("Body", message.text)]
        }
        var variables = JSONWriter()
        variables.beginObject()
        variables.field("1", TemplateText.make(message.text))
        variables.endObject()
        return [("ContentSid", template), ("ContentVariables", variables.text)]
    }

    /// The phone, where one is known; else the user id of Meta's, as Twilio writes it in `ExternalUserId`.
    private static func recipient(_ message: OutboundMessage) -> String? {
        if let phone = message.phone { return "whatsapp:+\(phone)" }
        guard !message.isToGroup else { return nil }
        return message.addresses.first(where: \.isBusinessScopedID).map { "whatsapp:\($0.rawValue)" }
    }

    private func request(_ method: String, _ path: String, _ account: TwilioAccount) -> HTTPClient.Request {
        var request = HTTPClient.Request(
            method: method, url: "\(settings.url)/2010-04-01/Accounts/\(account.accountSID)/\(path)")
        let password = Base64.encode(Array("\(account.accountSID):\(account.authToken.exposed)".utf8))
        request.headers = [("Authorization", "Basic " + password)]
        request.timeout = Self.timeout
        request.allowsPrivateAddresses = true
        return request
    }
}
