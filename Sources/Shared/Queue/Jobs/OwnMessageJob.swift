import Native

/// The job of a message that went out under a business's number and is not known as ours: `own_message` on queue `high`, so
/// that the bot falls silent at once where a person has written it.
package enum OwnMessageJob {
    package static let name = "own_message"
    package static let version = 1

    /// - Parameter message: `address` and `contact` are whom it went to.
    package static func job(for message: InboundMessage, traceparent: String?) -> Job {
        var payload = JSONWriter(reserving: 384)
        message.write(to: &payload)
        return Job(
            id: JobID(Hex.encode(Digest.sha256.hash(Array("own|".utf8) + message.dedupeKey).prefix(16))), name: name,
            version: version, lane: .high, tenant: TenantID(message.tenant),
            conversation: ConversationID(message.contact), traceparent: traceparent, payload: payload.bytes)
    }
}
