import Shared

/// A job by what the queue goes by.
struct ModelJob: Hashable, Sendable {
    let id: String
    let lane: Lane
    let tenant: String
    /// nil: in a group of its own.
    let conversation: String?

    var group: String { "\(lane.rawValue)|\(party)" }
    var party: String { "\(tenant)|\(conversation ?? "#" + id)" }

    var job: Job {
        Job(
            id: JobID(id), name: "model", lane: lane, tenant: TenantID(tenant),
            conversation: conversation.map { ConversationID($0) }, payload: Array("{\"id\":\"\(id)\"}".utf8))
    }
}
