import Native

/// One part of a reply, a fallback text, a follow-up or an apology. Its key is job, kind and part.
package struct ReplyRow: Sendable, Equatable, Codable {
    package var provider: ProviderName
    /// Nil as long as no provider has taken it.
    package var providerMessageID: String?
    package var jobID: String
    package var kind: MessageKind
    /// From 0.
    package var part: Int
    package var body: String
    package var status: DeliveryStatus
    /// A failover went on although the provider before may have sent it.
    package var unconfirmed: Bool
    package var attempts: Int
    package var error: String?
    /// From the acceptance of the message to the provider's acknowledgement.
    package var durationMS: Int?
    /// ms since 1970.
    package var sentAtMS: Int64?

    package init(
        provider: ProviderName, providerMessageID: String?, jobID: String, kind: MessageKind = .text, part: Int = 0,
        body: String, status: DeliveryStatus, unconfirmed: Bool = false, attempts: Int = 1, error: String? = nil,
        durationMS: Int? = nil, sentAtMS: Int64? = nil
    ) {
        self.provider = provider
        self.providerMessageID = providerMessageID
        self.jobID = jobID
        self.kind = kind
        self.part = part
        self.body = body
        self.status = status
        self.unconfirmed = unconfirmed
        self.attempts = attempts
        self.error = error
        self.durationMS = durationMS
        self.sentAtMS = sentAtMS
    }

    enum CodingKeys: String, CodingKey {
        case provider, kind, part, body, status, unconfirmed, attempts, error
        case providerMessageID = "provider_message_id"
        case jobID = "job_id"
        case durationMS = "duration_ms"
        case sentAtMS = "sent_at_ms"
    }

    /// The same object as `encode(to:)` makes.
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.field("provider", provider.rawValue)
        json.field("provider_message_id", ifPresent: providerMessageID)
        json.field("job_id", jobID)
        json.field("kind", kind.rawValue)
        json.field("part", part)
        json.field("body", body)
        json.field("status", status.rawValue)
        json.field("unconfirmed", unconfirmed)
        json.field("attempts", attempts)
        json.field("error", ifPresent: error)
        if let durationMS { json.field("duration_ms", durationMS) }
        if let sentAtMS { json.field("sent_at_ms", Int(sentAtMS)) }
        json.endObject()
    }
}
