import Native
import Shared

/// The rows that a job's work comes to, as plain values.
enum ExchangeRows {
    @LoopActor static func rows(of message: InboundMessage, _ job: LeasedJob, status: InboundRow.Status) -> Exchange {
        Exchange(
            business: message.tenant, contact: message.contact, contactName: message.contactName,
            addresses: ([message.address] + message.otherAddresses).map(\.rawValue),
            inbound: [
                InboundRow(
                    provider: message.provider, providerMessageID: message.messageID, jobID: job.job.id.rawValue,
                    kind: message.kind, body: message.text, status: status, sentAtMS: message.sentAt.milliseconds,
                    acceptedAtMS: Int64(job.job.enqueuedAtMS))
            ],
            replies: job.sent.map { reply($0, job) })
    }

    @LoopActor private static func reply(_ text: SentText, _ job: LeasedJob) -> ReplyRow {
        ReplyRow(
            provider: text.step.provider, providerMessageID: text.step.providerID, jobID: job.job.id.rawValue,
            kind: text.kind, part: text.part, body: text.text, status: .sent, unconfirmed: text.step.isUnconfirmed,
            attempts: text.step.attempts, durationMS: text.after.milliseconds,
            sentAtMS: text.step.since.milliseconds + Int64(text.step.took.milliseconds))
    }
}
