import Native

/// Sends through Meta's Cloud API. Meta keeps no id of ours and cannot be asked for a message; its statuses hand our id back
/// (`biz_opaque_callback_data`, "Cloud API messages" and "messages webhook reference"). A send with an unknown outcome, of
/// which they do not tell, stays open: nobody sends it again, here or elsewhere, until an operator does.
@LoopActor package final class MetaProvider: Provider {
    package let name = ProviderName.meta
    package let attempts = 1
    package let keepsIDs = false

    private let http: HTTPClient
    private let settings: MetaSettings
    private let told: Told
    /// For statuses to come: Meta posts the first one within a second or two.
    private static let settleTime: Duration = .seconds(10)
    private static let pause: Duration = .milliseconds(500)

    /// What statuses told of a message of ours; nil: nothing.
    ///
    /// The tenants are those under which they may have come.
    package typealias Told =
        @LoopActor (_ id: String, _ tenants: [String]) async -> (providerID: String, hasFailed: Bool)?

    package init(http: HTTPClient, settings: MetaSettings, told: @escaping Told) {
        self.http = http
        self.settings = settings
        self.told = told
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
        var request = HTTPClient.Request(method: "POST", url: "\(settings.url)/\(account.phoneNumberID)/messages")
        request.headers = [
            ("Authorization", "Bearer " + account.accessToken.exposed), ("Content-Type", "application/json"),
        ]
        if let traceparent = message.traceparent { request.headers.append(("traceparent", traceparent)) }
        request.allowsPrivateAddresses = true
        request.body = Self.body(message, recipient)
        do throws(HTTPClientError) {
            let answer = try await http.send(request, again: MetaAnswer.mayPass)
            return MetaAnswer.outcome(of: answer)
        } catch {
            return SendOutcome(error)
        }
    }

    /// Waits for a status. That there is none proves nothing: it may be late, or the webhook not subscribed to.
    package func lookUp(_ message: OutboundMessage, since: WallTime) async -> LookUp {
        let account = settings.account(of: message.business.settings)
        let alias = account.map { BusinessAlias.tenant(provider: .meta, name: $0.phoneNumberID) }
        let tenants = [message.business.id] + [alias].compactMap { $0 }
        while true {
            if let told = await told(message.id, tenants) {
                return told.hasFailed ? .notSent : .sent(providerID: told.providerID)
            }
            guard WallTime.now().milliseconds - since.milliseconds < Int64(Self.settleTime.milliseconds) else {
                return .unreachable
            }
            do { try await LoopActor.loop.sleep(for: Self.pause) } catch { return .unreachable }
        }
    }

    /// How Meta names whom it sends to: a phone's digits go by `to`, a user id by `recipient`.
    private enum Recipient {
        case phone(String)
        case userID(String)
    }

    /// The first address, in the message's order, that Meta can reach.
    private static func recipient(_ message: OutboundMessage) -> Recipient? {
        guard !message.isToGroup else { return nil }
        for address in message.addresses {
            if let phone = address.phone { return .phone(phone) }
            if address.isBusinessScopedID { return .userID(address.rawValue) }
        }
        return nil
    }

    private static func body(_ message: OutboundMessage, _ recipient: Recipient) -> [UInt8] {
        var json = JSONWriter(reserving: message.text.utf8.count + 256)
        json.beginObject()
        json.field("messaging_product", "whatsapp")
        json.field("recipient_type", "individual")
        switch recipient {
        case .phone(let digits): json.field("to", digits)
        case .userID(let id): json.field("recipient", id)
        }
        let settings = message.business.settings
        if message.needsTemplate.contains(.meta), let template = settings.metaTemplate {
            Self.write(template, language: settings.metaTemplateLanguage ?? "en", message.text, to: &json)
        } else {
            json.field("type", "text")
            json.key("text")
            json.beginObject()
            json.field("preview_url", false)
            json.field("body", message.text)
            json.endObject()
        }
        json.field("biz_opaque_callback_data", message.id)
        json.endObject()
        return json.bytes
    }

    /// Source: Meta's "Template messages".
    private static func write(_ template: String, language: String, _ text: String, to json: inout JSONWriter) {
        json.field("type", "template")
        json.key("template")
        json.beginObject()
        json.field("name", template)
        json.key("language")
        json.beginObject()
        json.field("code", language)
        json.endObject()
        json.key("components")
        json.beginArray()
        json.beginObject()
        json.field("type", "body")
        json.key("parameters")
        json.beginArray()
        json.beginObject()
        json.field("type", "text")
        json.field("text", TemplateText.make(text))
        json.endObject()
        json.endArray()
        json.endObject()
        json.endArray()
        json.endObject()
    }
}
