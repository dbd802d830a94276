import Native

/// Sends through a session of a WAHA server (WhatsApp HTTP API).
///
/// An engine that takes our id sends under it, and finds it again; WAHA does not say that it sends a repeated id once
/// only, so no send is repeated before it was looked up.
@LoopActor package final class WAHAProvider: Provider {
    package let name = ProviderName.waha
    package let attempts = 1
    package let keepsIDs = false
    package let acknowledgesLater = true

    private let http: HTTPClient
    private let settings: WAHASettings
    private let watch: AcknowledgementWatch
    private var known = KnownSends()
    private var sessions = AnswerCache<WAHASession>(lifetime: .seconds(2))

    private static let timeout: Duration = .seconds(15)
    /// A session that cannot tell its state in this time is not asked to send.
    private static let stateTimeout: Duration = .seconds(2)
    private static let searchTimeout: Duration = .seconds(5)

    package init(http: HTTPClient, settings: WAHASettings, told: ToldByReceipts = .nothing) {
        self.http = http
        self.settings = settings
        watch = AcknowledgementWatch(told: told)
    }

    package func reaches(_ message: OutboundMessage) -> Bool {
        settings.account(of: message.business) != nil && WAHAAddress.chat(message.addresses) != nil
    }

    package func ability(of business: Business) async -> SendAbility {
        guard let account = settings.account(of: business) else { return .unable }
        let isKnown = knownSession(account, of: business) != nil
        let session = await session(account, of: business)
        if session.isWorking { return .able }
        return session == .unknown && !isKnown && !Task.isCancelled ? .silent : .unable
    }

    package func send(_ message: OutboundMessage) async -> SendOutcome {
        guard let chat = WAHAAddress.chat(message.addresses) else { return .refused(.message(code: "no_address")) }
        guard let account = settings.account(of: message.business) else {
            return .refused(.channel(code: "no_account"))
        }
        let takesIDs = await session(account, of: message.business).takesIDs
        var json = JSONWriter(reserving: message.text.utf8.count + 128)
        json.beginObject()
        json.field("session", account.session)
        json.field("chatId", chat)
        json.field("text", message.text)
        if takesIDs { json.field("id", message.id) }
        json.endObject()
        var request = request("POST", "/api/sendText", account, timeout: Self.timeout)
        request.headers.append(("Content-Type", "application/json"))
        if let traceparent = message.traceparent { request.headers.append(("traceparent", traceparent)) }
        request.body = json.bytes
        do throws(HTTPClientError) {
            let outcome = WAHAAnswer.outcome(of: try await http.send(request))
            known.note(outcome, of: message)
            return outcome
        } catch {
            return SendOutcome(error)
        }
    }

    package func lookUp(_ message: OutboundMessage, since: WallTime) async -> LookUp {
        guard let account = settings.account(of: message.business), let chat = WAHAAddress.chat(message.addresses)
        else { return .notSent }
        // Which engine it is says how to look; a session that does not work lists nothing.
        let session = await session(account, of: message.business)
        guard session.isWorking else { return .unreachable }
        let request = request("GET", Self.list(account, chat), account, timeout: Self.searchTimeout)
        let result = await OpenSend.settle(since: since) { [self, request] in
            guard let answer = try? await http.send(request) else { return nil }
            return WAHAAnswer.find(message, since: since, takesIDs: session.takesIDs, knowing: known, in: answer)
        }
        known.note(result, of: message)
        return result
    }

    /// Asked under each address that the chat may go by.
    package func state(of message: SentMessage) async -> SentState {
        guard let account = settings.account(of: message.business) else { return .untold }
        var last = SentState.untold
        for chat in WAHAAddress.chats(message.addresses) {
            let id = PathSegment.encode("true_\(chat)_\(message.providerID)")
            let path =
                "/api/\(PathSegment.encode(account.session))/chats/\(PathSegment.encode(chat))/messages/\(id)"
                + "?downloadMedia=false"
            guard let answer = try? await http.send(request("GET", path, account, timeout: Self.searchTimeout)) else {
                return .unreachable
            }
            last = WAHAAnswer.state(of: message.providerID, in: answer)
            if last != .untold { return last }
        }
        return last
    }

    /// GOWS answers a send when WhatsApp's server has it. Others that the server has are looked for in the same chat.
    package func acknowledgement(of message: SentMessage, patience: Duration) async -> SentState {
        guard let account = settings.account(of: message.business), let chat = WAHAAddress.chat(message.addresses)
        else { return .untold }
        if await session(account, of: message.business).acknowledges { return .told(.sent) }
        let questions = AcknowledgementWatch.Questions(
            name: "\(Self.name(account, message.business))|\(chat)",
            alias: BusinessAlias.tenant(provider: .waha, name: account.session), refusal: WAHAAnswer.refusal,
            state: { [self] in await state(of: message) },
            tellsOfOthers: { [self] in
                try? await WAHAAnswer.tellsAcknowledgements(
                    http.send(request("GET", Self.list(account, chat), account, timeout: Self.searchTimeout)))
            })
        return await watch.state(of: message, patience: patience, questions)
    }

    private static func list(_ account: WAHAAccount, _ chat: String) -> String {
        "/api/\(PathSegment.encode(account.session))/chats/\(PathSegment.encode(chat))"
            + "/messages?limit=\(WAHAAnswer.searchLimit)&downloadMedia=false"
    }

    private func session(_ account: WAHAAccount, of business: Business) async -> WAHASession {
        if let known = knownSession(account, of: business) { return known }
        let path = "/api/sessions/\(PathSegment.encode(account.session))"
        let answer = try? await http.send(request("GET", path, account, timeout: Self.stateTimeout))
        // A cancelled question says nothing of the session.
        if answer == nil, Task.isCancelled { return .unknown }
        let session = answer.map(WAHASession.read) ?? .unknown
        sessions.keep(session, of: Self.name(account, business), now: .now())
        return session
    }

    private func knownSession(_ account: WAHAAccount, of business: Business) -> WAHASession? {
        sessions.find(Self.name(account, business), now: .now())
    }

    private static func name(_ account: WAHAAccount, _ business: Business) -> String {
        "\(business.id)|\(account.url)|\(account.session)"
    }

    private func request(
        _ method: String, _ path: String, _ account: WAHAAccount, timeout: Duration
    ) -> HTTPClient.Request {
        var request = HTTPClient.Request(method: method, url: account.url + path)
        request.headers = [("X-Api-Key", account.apiKey.exposed)]
        request.timeout = timeout
        request.allowsPrivateAddresses = account.mayBePrivate
        return request
    }
}
