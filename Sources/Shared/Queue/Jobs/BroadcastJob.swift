import Native

/// `broadcast_message`: a broadcast's text for one contact.
package struct BroadcastJob: Sendable, Equatable {
    package static let name = "broadcast_message"
    package static let version = 1

    package let broadcast: Int
    package let business: String
    package let contact: String

    package init(broadcast: Int, business: String, contact: String) {
        self.broadcast = broadcast
        self.business = business
        self.contact = contact
    }

    /// nil when the payload is not one that `job` made.
    @LoopActor package init?(payload: JSONElement) {
        guard let broadcast = payload["broadcast"]?.int, let business = payload["business"]?.string,
            let contact = payload["contact"]?.string
        else { return nil }
        self.init(broadcast: broadcast, business: business, contact: contact)
    }

    /// The same for the same contact: enqueued twice, it is one. In the contact's order with other broadcasts.
    package var job: Job {
        // A job's id stands in logs, and a phone number may not.
        let key = Digest.sha256.hash(Array("\(business)|\(broadcast)|\(contact)".utf8)).prefix(16)
        var json = JSONWriter(reserving: 160)
        json.beginObject()
        json.field("broadcast", broadcast)
        json.field("business", business)
        json.field("contact", contact)
        json.endObject()
        return Job(
            id: JobID("broadcast-\(Hex.encode(key))"), name: Self.name, version: Self.version, lane: .broadcasts,
            tenant: TenantID(business), conversation: ConversationID(contact), payload: json.bytes)
    }
}
