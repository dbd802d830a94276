import Native

/// The job that answers one inbound message: `webhook_process_job` on queue `default`.
package enum AnswerJob {
    package static let name = "webhook_process_job"
    package static let version = 1

    /// The job of a message. Its id follows from business, provider, conversation and the provider's id of the message,
    /// so the same message always is the same job; the queue dedupes by it.
    package static func job(for message: InboundMessage, traceparent: String?) -> Job {
        var payload = JSONWriter(reserving: 384)
        message.write(to: &payload)
        return Job(
            id: JobID(Hex.encode(Digest.sha256.hash(message.dedupeKey).prefix(16))), name: name,
            version: version, lane: .default, tenant: TenantID(message.tenant),
            conversation: ConversationID(message.contact), traceparent: traceparent, payload: payload.bytes)
    }
}
