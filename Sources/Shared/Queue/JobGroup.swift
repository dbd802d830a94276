import Native

/// The jobs that run one after another: those of a conversation in one lane. A job without a conversation is alone.
package struct JobGroup: Sendable, Hashable, CustomStringConvertible {
    package let lane: Lane
    package let tenant: TenantID
    /// nil: a group of a single job.
    package let conversation: ConversationID?
    /// `lane|tenant|conversation`, or `lane|tenant|#job`.
    package let id: String

    /// - Throws: `.rejected` when a part is empty or has a character that the form does not allow.
    package init(lane: Lane, tenant: TenantID, conversation: ConversationID?, job: JobID) throws(QueueError) {
        guard Self.isPart(tenant.rawValue) else {
            throw .rejected("a tenant's id is not empty and has no |")
        }
        guard Self.isPart(job.rawValue) else {
            throw .rejected("a job's id is not empty and has no |")
        }
        if let conversation, conversation.rawValue.isEmpty || conversation.rawValue.utf8.first == UInt8(ascii: "#") {
            throw .rejected("a conversation's id is not empty and does not begin with #")
        }
        self.lane = lane
        self.tenant = tenant
        self.conversation = conversation
        id = String(
            joining: lane.rawValue, tenant.rawValue, conversation?.rawValue ?? "#" + job.rawValue,
            by: UInt8(ascii: "|"))
    }

    /// Whether the text may be a tenant or a job in a group's id.
    private static func isPart(_ text: String) -> Bool {
        !text.isEmpty && !ByteSearch.contains(UInt8(ascii: "|"), in: text)
    }

    /// nil when the text is no group's id.
    init?(id: String) {
        let parts = id.utf8.split(separator: UInt8(ascii: "|"), maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let lane = Lane(rawValue: String(Substring(parts[0]))) else { return nil }
        self.lane = lane
        tenant = TenantID(String(Substring(parts[1])))
        conversation = parts[2].first == UInt8(ascii: "#") ? nil : ConversationID(String(Substring(parts[2])))
        self.id = id
    }

    /// `tenant|conversation`: what decides the shard, and whose memory it is. The same in every lane.
    var party: Substring { Substring(id.utf8.dropFirst(partyStart)) }
    /// Where in `id` it begins, bytes.
    var partyStart: Int { lane.rawValue.utf8.count + 1 }

    package static func == (a: Self, b: Self) -> Bool { a.id == b.id }
    package func hash(into hasher: inout Hasher) { hasher.combine(id) }
    package var description: String { id }
}
