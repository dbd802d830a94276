import Native

/// Sends through an instance of an Evolution API server. It takes no id of ours, so a send with an unknown outcome is
/// looked up among the chat's messages before anybody sends again.
@LoopActor package final class EvolutionProvider: Provider {
    package let name = ProviderName.evolution
    package let attempts = 1
    package let keepsIDs = false
    package let acknowledgesLater = true

    private let http: HTTPClient
    private let settings: EvolutionSettings
    private let watch: AcknowledgementWatch
    private var known = KnownSends()
    private var states = AnswerCache<Bool>(lifetime: .seconds(2))

    private static let timeout: Duration = .seconds(15)
    /// An instance that cannot tell its state in this time is not asked to send.
    private static let stateTimeout: Duration = .seconds(2)
    private static let searchTimeout: Duration = .seconds(5)

    package init(http: HTTPClient, settings: EvolutionSettings, told: ToldByReceipts = .nothing) {
        self.http = http
        self.settings = settings
        watch = AcknowledgementWatch(told: told)
    }

    package func reaches(_ message: OutboundMessage) -> Bool {
        settings.account(of: message.business) != nil && EvolutionAddress.number(message.addresses) != nil
    }

    package func ability(of business: Business) async -> SendAbility {
        guard let account = settings.account(of: business) else { return .unable }
        let name = Self.name(account, business)
        if let known = states.find(name, now: .now()) { return known ? .able : .unable }
        let answer = try? await http.send(
            request("GET", "/instance/connectionState", account, timeout: Self.stateTimeout))
        // A cancelled question says nothing of the instance.
        if answer == nil, Task.isCancelled { return .unable }
        let isOpen = answer.map(EvolutionAnswer.isOpen) ?? false
        states.keep(isOpen, of: name, now: .now())
        return SendAbility(isOpen, answer: answer)
    }

    package func send(_ message: OutboundMessage) async -> SendOutcome {
        guard let number = EvolutionAddress.number(message.addresses) else {
            return .refused(.message(code: "no_address"))
        }
        guard let account = settings.account(of: message.business) else {
            return .refused(.channel(code: "no_account"))
        }
        var json = JSONWriter(reserving: message.text.utf8.count + 96)
        json.beginObject()
        json.field("number", number)
        json.field("text", message.text)
        json.endObject()
        var request = request("POST", "/message/sendText", account, timeout: Self.timeout)
        request.headers.append(("Content-Type", "application/json"))
        if let traceparent = message.traceparent { request.headers.append(("traceparent", traceparent)) }
        request.body = json.bytes
        do throws(HTTPClientError) {
            let outcome = EvolutionAnswer.outcome(of: try await http.send(request))
            known.note(outcome, of: message)
            return outcome
        } catch {
            return SendOutcome(error)
        }
    }

    package func lookUp(_ message: OutboundMessage, since: WallTime) async -> LookUp {
        guard let account = settings.account(of: message.business),
            let number = EvolutionAddress.number(message.addresses)
        else { return .notSent }
        var request = request("POST", "/chat/findMessages", account, timeout: Self.searchTimeout)
        request.headers.append(("Content-Type", "application/json"))
        request.body = Self.search(number)
        let result = await OpenSend.settle(since: since) { [self, request] in
            guard let answer = try? await http.send(request) else { return nil }
            return EvolutionAnswer.find(message, since: since, knowing: known, in: answer)
        }
        known.note(result, of: message)
        return result
    }

    package func state(of message: SentMessage) async -> SentState {
        guard let account = settings.account(of: message.business) else { return .untold }
        let answer = await find(account, limit: 1) { $0.field("id", message.providerID) }
        return answer.map { EvolutionAnswer.state(of: message.providerID, in: $0) } ?? .unreachable
    }

    package func acknowledgement(of message: SentMessage, patience: Duration) async -> SentState {
        guard let account = settings.account(of: message.business) else { return .untold }
        let questions = AcknowledgementWatch.Questions(
            name: Self.name(account, message.business),
            alias: BusinessAlias.tenant(provider: .evolution, name: account.instance),
            refusal: EvolutionAnswer.refusal, state: { [self] in await state(of: message) },
            tellsOfOthers: { [self] in
                await find(account, limit: EvolutionAnswer.searchLimit) { $0.field("fromMe", true) }
                    .map(EvolutionAnswer.tellsAcknowledgements)
            })
        return await watch.state(of: message, patience: patience, questions)
    }

    private static func name(_ account: EvolutionAccount, _ business: Business) -> String {
        "\(business.id)|\(account.url)|\(account.instance)"
    }

    /// nil when there was no answer.
    private func find(
        _ account: EvolutionAccount, limit: Int, _ write: (inout JSONWriter) -> Void
    ) async -> HTTPClient.Response? {
        var request = request("POST", "/chat/findMessages", account, timeout: Self.searchTimeout)
        request.headers.append(("Content-Type", "application/json"))
        request.body = Self.search(limit: limit, write)
        return try? await http.send(request)
    }

    private static func search(_ number: String) -> [UInt8] {
        search(limit: EvolutionAnswer.searchLimit) { json in
            json.field("remoteJid", number.contains("@") ? number : number + "@s.whatsapp.net")
        }
    }

    /// The newest messages of those whose key has what `write` puts. `offset` is the size of a page.
    private static func search(limit: Int, _ write: (inout JSONWriter) -> Void) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("where")
        json.beginObject()
        json.key("key")
        json.beginObject()
        write(&json)
        json.endObject()
        json.endObject()
        json.field("page", 1)
        json.field("offset", limit)
        json.endObject()
        return json.bytes
    }

    private func request(
        _ method: String, _ path: String, _ account: EvolutionAccount, timeout: Duration
    ) -> HTTPClient.Request {
        var request = HTTPClient.Request(
            method: method, url: "\(account.url)\(path)/\(PathSegment.encode(account.instance))")
        request.headers = [("apikey", account.apiKey.exposed)]
        request.timeout = timeout
        request.allowsPrivateAddresses = account.mayBePrivate
        return request
    }
}
