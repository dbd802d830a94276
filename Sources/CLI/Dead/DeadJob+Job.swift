import Shared

extension DeadJob {
    /// The job as it was; nil when its queue or business is not one of ours.
    var job: Job? {
        guard let lane = Lane(rawValue: queue), let business else { return nil }
        return Job(
            id: JobID(id), name: name, version: version, lane: lane, tenant: TenantID(business),
            conversation: conversation.map { ConversationID($0) }, traceparent: traceparent,
            payload: Array(payload.utf8))
    }

    /// Names this death: the same replay twice is one.
    var death: String { "\(id)|\(diedAt.milliseconds)" }
}
