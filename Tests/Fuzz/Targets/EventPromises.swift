import Native
import Shared

/// What holds for everything a normaliser makes, whatever it was given.
@LoopActor enum EventPromises {
    /// - Parameter input: bytes of the body they were read from.
    static func check(_ events: [InboundEvent], input: Int) throws(Violation) {
        try hold(events.count <= input, "\(events.count) events of \(input) bytes")
        for event in events {
            switch event {
            case .message(let message): try check(message, input: input)
            case .ownMessage(let own):
                try hold(!OutboundID.isOurs(own.messageID), "a message of ours: \(own.messageID)")
                try check(own, input: input)
            case .receipt(let receipt): try check(receipt)
            case .ignored: break
            case .rejected(let problem): try check(problem: problem)
            }
        }
    }

    /// Words of ours only: what and where, and nothing that was received.
    static func check(problem: String) throws(Violation) {
        let isPlain = problem.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
        try hold(isPlain && (1...256).contains(problem.utf8.count), "a problem in words of others: \(problem)")
    }

    private static func check(_ message: InboundMessage, input: Int) throws(Violation) {
        try hold(TenantName.isValid(message.tenant), "business \(message.tenant)")
        try hold(MessageIdentifier.isValid(message.messageID), "message id \(message.messageID)")
        try check(message.address)
        for address in message.otherAddresses { try check(address) }
        try hold(ContactAddress(rawValue: message.contact) != nil, "contact \(message.contact)")
        try hold((0...lastMoment).contains(message.sentAt.milliseconds), "sent at \(message.sentAt)")
        try hold((message.text?.utf8.count ?? 0) <= 2 * input + 128, "text is longer than what was read")

        let job = AnswerJob.job(for: message, traceparent: nil)
        try check(job)
        let copy = try read(job.payload) { InboundMessage(payload: $0) }
        try hold(copy == message, "the payload says something else: \(String(decoding: job.payload, as: UTF8.self))")
    }

    private static func check(_ receipt: DeliveryReceipt) throws(Violation) {
        try hold(TenantName.isValid(receipt.tenant), "business \(receipt.tenant)")
        try hold(MessageIdentifier.isValid(receipt.providerMessageID), "message id \(receipt.providerMessageID)")
        try hold((0...lastMoment).contains(receipt.at.milliseconds), "at \(receipt.at)")

        let job = ReceiptJob.job(for: receipt, traceparent: nil)
        try check(job)
        let copy = try read(job.payload) { DeliveryReceipt(payload: $0) }
        try hold(copy == receipt, "the payload says something else: \(String(decoding: job.payload, as: UTF8.self))")
    }

    /// What the queue builds its keys of.
    private static func check(_ job: Job) throws(Violation) {
        try check(part: job.id.rawValue)
        try check(part: job.tenant.rawValue)
        if let conversation = job.conversation { try check(part: conversation.rawValue) }
        do { _ = try job.group() } catch { throw Violation(description: "the queue cannot place it: \(error)") }
    }

    private static func check(part: String) throws(Violation) {
        try hold(!part.isEmpty && !part.utf8.contains(UInt8(ascii: "|")), "part of a job's ids: \(part)")
    }

    private static func check(_ address: ContactAddress) throws(Violation) {
        try hold(ContactAddress(rawValue: address.rawValue) != nil, "address \(address)")
    }

    private static func read<T>(_ payload: [UInt8], _ body: (JSONElement) -> T?) throws(Violation) -> T? {
        do throws(JSONError) {
            return try JSON.read(payload) { root throws(JSONError) in body(root) }
        } catch {
            throw Violation(description: "a payload is no JSON: \(error)")
        }
    }

    /// The last millisecond of the year 9999.
    private static let lastMoment: Int64 = 253_402_300_799_999
}
