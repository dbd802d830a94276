import Native

/// What was said in one go in a conversation, as the rows that record it. Codable, so that it can wait in a queue
/// until Postgres is back; recording it again changes nothing.
package struct Exchange: Sendable, Equatable, Codable {
    package var business: String
    /// `InboundMessage.contact`: the phone in digits where known, else the address received.
    package var contact: String
    package var contactName: String?
    /// Every address the contact was seen under.
    package var addresses: [String]
    package var inbound: [InboundRow]
    /// Each answers all of `inbound`.
    package var replies: [ReplyRow]

    package init(
        business: String, contact: String, contactName: String? = nil, addresses: [String] = [],
        inbound: [InboundRow], replies: [ReplyRow] = []
    ) {
        self.business = business
        self.contact = contact
        self.contactName = contactName
        self.addresses = addresses
        self.inbound = inbound
        self.replies = replies
    }

    enum CodingKeys: String, CodingKey {
        case business, contact, addresses, inbound, replies
        case contactName = "contact_name"
    }

    /// The same object as `encode(to:)` makes, at a tenth of the cost: in a burst, rows wait by the thousand.
    package var json: [UInt8] {
        var json = JSONWriter(reserving: 1024)
        json.beginObject()
        json.field("business", business)
        json.field("contact", contact)
        json.field("contact_name", ifPresent: contactName)
        json.key("addresses")
        json.beginArray()
        for address in addresses { json.value(address) }
        json.endArray()
        json.key("inbound")
        json.beginArray()
        for row in inbound { row.write(to: &json) }
        json.endArray()
        json.key("replies")
        json.beginArray()
        for row in replies { row.write(to: &json) }
        json.endArray()
        json.endObject()
        return json.bytes
    }
}

/// A message of the contact's.
package struct InboundRow: Sendable, Equatable, Codable {
    package enum Status: String, Sendable, Codable {
        /// Stored; the answer is still to come, or a stop-gap went out.
        case received
        /// The real answer went out: a repeat of the message is not answered again.
        case answered
        /// Stored and on purpose not answered: too old, paused, a person has taken over.
        case skipped
    }

    package var provider: ProviderName
    package var providerMessageID: String
    package var jobID: String
    package var kind: MessageKind
    package var body: String?
    /// JSON text, checked by whoever wrote it.
    package let media: String?
    package var status: Status
    /// When the contact sent it, ms since 1970.
    package var sentAtMS: Int64?
    /// When the API took it, ms since 1970.
    package var acceptedAtMS: Int64
    /// Of a group's message: who wrote it, the phone in digits where known, else an address.
    package var author: String?
    package var authorName: String?

    package init(
        provider: ProviderName, providerMessageID: String, jobID: String, kind: MessageKind = .text,
        body: String? = nil, media: String? = nil, status: Status, sentAtMS: Int64? = nil, acceptedAtMS: Int64,
        author: String? = nil, authorName: String? = nil
    ) {
        self.provider = provider
        self.providerMessageID = providerMessageID
        self.jobID = jobID
        self.kind = kind
        self.body = body
        self.media = media.map { StoredJSON.text(json: [UInt8]($0.utf8)) }
        self.status = status
        self.sentAtMS = sentAtMS
        self.acceptedAtMS = acceptedAtMS
        self.author = author
        self.authorName = authorName
    }

    enum CodingKeys: String, CodingKey {
        case provider, kind, body, media, status, author
        case authorName = "author_name"
        case providerMessageID = "provider_message_id"
        case jobID = "job_id"
        case sentAtMS = "sent_at_ms"
        case acceptedAtMS = "accepted_at_ms"
    }

    /// The same object as `encode(to:)` makes.
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.field("provider", provider.rawValue)
        json.field("provider_message_id", providerMessageID)
        json.field("job_id", jobID)
        json.field("kind", kind.rawValue)
        json.field("body", ifPresent: body)
        json.field("media", ifPresent: media)
        json.field("status", status.rawValue)
        if let sentAtMS { json.field("sent_at_ms", Int(sentAtMS)) }
        json.field("accepted_at_ms", Int(acceptedAtMS))
        json.field("author", ifPresent: author)
        json.field("author_name", ifPresent: authorName)
        json.endObject()
    }
}
