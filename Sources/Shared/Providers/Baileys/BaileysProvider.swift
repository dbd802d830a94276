import Native

/// Sends through the Baileys gateway. The gateway takes our id as WhatsApp's own and answers a repeated id with the
/// first result, so a send may be repeated after a timeout.
@LoopActor package final class BaileysProvider: Provider {
    package let name = ProviderName.baileys
    package let attempts: Int
    package let keepsIDs = true

    private let http: HTTPClient
    private let gateway: GatewayCalls
    private let timeout: Duration
    private var abilities = AnswerCache<Bool>(lifetime: .seconds(2))

    /// A gateway that cannot tell its state in this time is not asked to send.
    private static let statusTimeout: Duration = .seconds(2)

    package init(http: HTTPClient, settings: BaileysSettings, gateway: GatewayCalls) {
        self.http = http
        self.gateway = gateway
        timeout = settings.timeout
        attempts = settings.attempts
    }

    package func reaches(_ message: OutboundMessage) -> Bool { Self.recipient(message) != nil }

    /// The first address that is one of WhatsApp's own. What other providers write is no address to the gateway: of a
    /// phone it is made, and Meta's user ids mean nothing there.
    private static func recipient(_ message: OutboundMessage) -> String? {
        for address in message.addresses {
            if let server = address.server, server != "c.us" { return address.rawValue }
            if let phone = address.phone { return phone + "@s.whatsapp.net" }
        }
        return nil
    }

    package func ability(of business: Business) async -> SendAbility {
        let tenant = business.id
        if let known = abilities.find(tenant, now: .now()) { return known ? .able : .unable }
        let status = try? await http.send(
            gateway.request("GET", gateway.url(tenant, "status"), timeout: Self.statusTimeout))
        // A cancelled question says nothing of the gateway.
        if status == nil, Task.isCancelled { return .unable }
        let canSend = status.map(GatewayAnswer.canSend) ?? false
        abilities.keep(canSend, of: tenant, now: .now())
        return SendAbility(canSend, answer: status)
    }

    package func send(_ message: OutboundMessage) async -> SendOutcome {
        guard let to = Self.recipient(message) else { return .refused(.message(code: "no_address")) }
        var json = JSONWriter(reserving: message.text.utf8.count + 160)
        json.beginObject()
        json.field("to", to)
        json.field("text", message.text)
        json.field("messageId", message.id)
        json.endObject()
        var request = gateway.request("POST", gateway.url(message.business.id, "send"), timeout: timeout)
        request.headers.append(("Content-Type", "application/json"))
        if let traceparent = message.traceparent { request.headers.append(("traceparent", traceparent)) }
        request.body = json.bytes
        // The gateway knows our id.
        request.mayBeRepeated = true
        do throws(HTTPClientError) {
            return GatewayAnswer.outcome(of: try await http.send(request))
        } catch {
            return SendOutcome(error)
        }
    }

    package func lookUp(_ message: OutboundMessage, since: WallTime) async -> LookUp {
        let url = gateway.url(message.business.id, "messages", message.id)
        guard let answer = try? await http.send(gateway.request("GET", url, timeout: Self.statusTimeout)) else {
            return .unreachable
        }
        return GatewayAnswer.lookUp(answer, id: message.id, since: since)
    }

    package func state(of message: SentMessage) async -> SentState {
        let url = gateway.url(message.business.id, "messages", message.providerID)
        guard let answer = try? await http.send(gateway.request("GET", url, timeout: Self.statusTimeout)) else {
            return .unreachable
        }
        return GatewayAnswer.state(answer)
    }
}
