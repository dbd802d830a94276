import Native

/// The job that writes into the conversation's row who has it: `write_handover` on queue `maintenance`. Redis has said so
/// before; the row is for people. Those of a conversation are written in the order they were made.
package struct HandoverJob: Sendable, Equatable {
    package static let name = "write_handover"
    package static let version = 1

    package let business: String
    package let contact: String
    /// Whether the bot answers.
    package let isBot: Bool
    /// ms since 1970; nil: until it is given back.
    package let untilMS: Int?

    /// - Parameter handover: nil: the conversation was given back.
    package init(business: String, contact: String, _ handover: Handover?, now: WallTime) {
        self.business = business
        self.contact = contact
        isBot = handover == nil
        untilMS = handover?.left.map { Int(now.milliseconds) + $0.milliseconds }
    }

    /// - Parameter change: tells this change from others of the conversation; the same one twice is one.
    package func job(_ change: String) -> Job {
        var json = JSONWriter(reserving: 160)
        json.beginObject()
        json.field("business", business)
        json.field("contact", contact)
        json.field("status", isBot ? "bot" : "human")
        if let untilMS { json.field("until_ms", untilMS) }
        json.endObject()
        let key = Array("handover|\(business)|\(contact)|\(change)".utf8)
        return Job(
            id: JobID("handover-\(Hex.encode(Digest.sha256.hash(key).prefix(16)))"), name: Self.name,
            version: Self.version, lane: .maintenance, tenant: TenantID(business),
            conversation: ConversationID(contact), payload: json.bytes, rememberedFor: .seconds(3600))
    }

    /// nil when the payload is not one that `job` made.
    @LoopActor package init?(payload: JSONElement) {
        guard let business = payload["business"]?.string, let contact = payload["contact"]?.string,
            let status = payload["status"]?.string
        else { return nil }
        self.business = business
        self.contact = contact
        isBot = status == "bot"
        untilMS = payload["until_ms"]?.int
    }
}
