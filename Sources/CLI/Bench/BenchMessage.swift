import Native
import Shared

/// A job of the benchmark in the form that a webhook's message has in the queue, only that it does nothing.
enum BenchMessage {
    /// Bytes of payload that have room for a message.
    static let least = 320

    /// - Parameters:
    ///   - run: what no other run has.
    ///   - number: of the job in its run; it also says the conversation and the business.
    ///   - sentAt: stands at the beginning of the message's text.
    static func job(_ options: BenchEnqueueOptions, run: String, number: Int, sentAt: MonotonicInstant) -> Job {
        let conversation = number % options.conversations
        let tenant = "bench-\(conversation % options.businesses)"
        guard options.payload > 0 else {
            return Job(
                id: JobID("\(run)-\(number)"), name: "noop", lane: options.lane, tenant: TenantID(tenant),
                conversation: ConversationID("c\(conversation)"), payload: Array("{}".utf8))
        }
        let stamp = "\(sentAt.nanoseconds) "
        let bare = message(tenant, conversation, run, number, text: stamp)
        let missing = max(0, options.payload - size(of: bare))
        let text = stamp + String(repeating: "x", count: missing)
        var job = AnswerJob.job(for: message(tenant, conversation, run, number, text: text), traceparent: nil)
        job.name = "noop"
        job.lane = options.lane
        return job
    }

    /// When the job's message was sent. nil when the payload has no such time.
    @LoopActor static func sentAt(_ job: Job) -> MonotonicInstant? {
        let text = try? JSON.read(job.payload) { InboundMessage(payload: $0)?.text }
        guard let stamp = text?.prefix(while: { $0 != " " }), let nanoseconds = UInt64(stamp) else { return nil }
        return MonotonicInstant(nanoseconds: nanoseconds)
    }

    private static func message(
        _ tenant: String, _ conversation: Int, _ run: String, _ number: Int, text: String
    ) -> InboundMessage {
        InboundMessage(
            tenant: tenant, provider: .baileys,
            address: ContactAddress(rawValue: "\(972_500_000_000 + conversation)@s.whatsapp.net")!,
            contactName: "Dana", messageID: "3EB0\(run)\(number)", kind: .text, text: text, sentAt: .now())
    }

    private static func size(of message: InboundMessage) -> Int {
        var json = JSONWriter(reserving: 400)
        message.write(to: &json)
        return json.bytes.count
    }
}
