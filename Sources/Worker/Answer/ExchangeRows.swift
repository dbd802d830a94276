import Native
import Shared

/// The rows that a job's work comes to, as plain values.
enum ExchangeRows {
    @LoopActor static func rows(of message: InboundMessage, _ job: LeasedJob, status: InboundRow.Status) -> Exchange {
        Exchange(
            business: message.tenant, contact: message.contact, contactName: message.contactName,
            addresses: ([message.address] + message.otherAddresses).map(\.rawValue),
            inbound: job.answered(message).map { inbound($0, job, status: status) },
            replies: job.sent.map { reply($0, job) })
    }

    @LoopActor private static func inbound(
        _ answered: AnsweredMessage, _ job: LeasedJob, status: InboundRow.Status
    ) -> InboundRow {
        let message = answered.message
        return InboundRow(
            provider: message.provider, providerMessageID: message.messageID, jobID: answered.job.rawValue,
            kind: message.kind, body: answered.body(job.checkpoint.recorded), media: media(of: message), status: status,
            sentAtMS: message.sentAt.milliseconds, acceptedAtMS: Int64(answered.acceptedAtMS),
            author: message.author?.contact, authorName: message.author?.name)
    }

    /// An array of references; nil where there is none.
    private static func media(of message: InboundMessage) -> String? {
        guard let first = message.media else { return nil }
        var json = JSONWriter()
        json.beginArray()
        for media in [first] + message.moreMedia { media.write(to: &json) }
        json.endArray()
        return json.text
    }

    @LoopActor static func reply(_ text: SentText, _ job: LeasedJob) -> ReplyRow {
        ReplyRow(
            provider: text.step.provider, providerMessageID: text.step.providerID, jobID: job.job.id.rawValue,
            kind: text.kind, part: text.part, body: text.text, status: .sent, unconfirmed: text.step.isUnconfirmed,
            attempts: text.step.attempts, durationMS: text.after.milliseconds,
            // A record of the version before has no such time.
            sentAtMS: (text.step.sentAt ?? text.step.since).milliseconds)
    }
}
