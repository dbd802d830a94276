import Native

/// How far an outgoing message has come, as `messages.status` names it. It only moves forward, and `failed` is final unless
/// it arrived after all. A row is written when its message is out, so that none is `pending`, the column's first word.
package enum DeliveryStatus: String, Sendable, Codable, CaseIterable { case failed, sent, delivered, read }

/// What a provider says became of a message of ours.
package struct DeliveryReceipt: Sendable, Equatable {
    package let tenant: String
    package let provider: ProviderName
    /// The provider's id of the message, as its send answered it.
    package let providerMessageID: String
    package let status: DeliveryStatus
    /// When it came so far, by the provider's clock.
    package let at: WallTime
    /// Our own id of the message, where the provider hands it back.
    package let ownID: String?
    /// Of a failed one: the provider's code, and its words where it has some, up to 500 characters. Never a message's text.
    package let error: String?

    package init(
        tenant: String, provider: ProviderName, providerMessageID: String, status: DeliveryStatus, at: WallTime,
        ownID: String? = nil, error: String? = nil
    ) {
        self.tenant = tenant
        self.provider = provider
        self.providerMessageID = providerMessageID
        self.status = status
        self.at = at
        self.ownID = ownID
        self.error = error?.cut(toScalars: 500)
    }
}

extension DeliveryReceipt {
    /// Writes the receipt as a job's payload; `init(payload:)` reads it.
    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.field("tenant", tenant)
        json.field("provider", provider.rawValue)
        json.field("provider_message_id", providerMessageID)
        json.field("status", status.rawValue)
        json.field("at", Int(at.milliseconds))
        json.field("own_id", ifPresent: ownID)
        json.field("error", ifPresent: error)
        json.endObject()
    }

    /// nil when the payload is not one that `write` made.
    @LoopActor package init?(payload: JSONElement) {
        guard let tenant = payload["tenant"]?.string,
            let provider = payload["provider"]?.string.flatMap(ProviderName.init(rawValue:)),
            let providerMessageID = payload["provider_message_id"]?.string,
            let status = payload["status"]?.string.flatMap(DeliveryStatus.init(rawValue:)),
            let at = payload["at"]?.int
        else { return nil }
        self.init(
            tenant: tenant, provider: provider, providerMessageID: providerMessageID, status: status,
            at: WallTime(milliseconds: Int64(at)), ownID: payload["own_id"]?.string, error: payload["error"]?.string)
    }
}
