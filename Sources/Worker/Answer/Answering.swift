import Native
import Shared

/// One message on its way to its answer: asks the AI within its limit and sends what is to be sent, recording each
/// step. Running it again after a crash repeats nothing that the contact could notice.
///
/// A class, as are the tools: each step under way would hold a copy of the value, a kilobyte and more.
@LoopActor final class Answering {
    /// How it ended for the contact.
    enum Result: Equatable, Sendable {
        /// The contact has got the AI's text; nil: the fallback text only, as configured.
        case answered(String?)
        case retry(after: Duration?, reason: String, refund: Bool = false)
        /// A person has taken over meanwhile: what was not sent yet stays unsent.
        case silenced(Silence)
        /// No answer will come. The contact has got one stop-gap text, unless nothing can reach it.
        case failed(FailedAnswer)
    }

    /// Fields of the job's checkpoint, beside one `send.…` for each text.
    enum Step {
        static let reply = "reply"
        static let followUp = "follow_up"
        static let failed = "failed"
    }

    let tools: AnswerTools
    let lease: LeasedJob
    let message: InboundMessage
    let business: Business
    let memory: [ChatMessage]
    /// Of the contact, first the one its message came from.
    private let addresses: [ContactAddress]
    /// Providers that take a reply only in a template.
    private let needsTemplate: Set<ProviderName>
    /// nil: each message is answered by itself.
    private let coalescer: Coalescer?

    init(
        tools: AnswerTools, lease: LeasedJob, message: InboundMessage, business: Business, memory: [ChatMessage],
        addresses: [ContactAddress], needsTemplate: Set<ProviderName>,
        coalescer: Coalescer? = nil
    ) {
        self.tools = tools
        self.lease = lease
        self.message = message
        self.business = business
        self.memory = memory
        self.addresses = addresses
        self.needsTemplate = needsTemplate
        self.coalescer = coalescer
    }

    private var checkpoint: Checkpoint { lease.checkpoint }

    private var hasFallback: Bool { checkpoint[SendStep.name(.fallback, part: 0)] != nil }

    /// Without a verdict that there will be no answer: the job is a replay.
    private var hasApology: Bool { checkpoint[SendStep.name(.apology, part: 0)] != nil }

    private var isReplay: Bool { checkpoint[Job.replayedStep] != nil }

    /// How long a late answer is waited for; zero: not at all.
    private var followUp: Duration { business.settings.followUp == false ? .zero : tools.settings.followUp }

    func run() async throws(LeaseLost) -> Result {
        if let text = checkpoint[Step.failed] {
            noteSent()
            return try await fail(FailedAnswer(text))
        }
        // Also where it is out already: then this only finds its record, for the row.
        if hasFallback, let notSent = try await sendFallback() { return notSent }
        if let reply = checkpoint[Step.followUp] { return try await send(.followUp, reply) }
        if let reply = checkpoint[Step.reply] { return try await send(.text, reply) }
        let hasStopGap = hasFallback || hasApology
        if hasStopGap { coalescer?.close() }
        if coalescer?.nextLook != nil { try await coalescer?.collect() }
        if !hasStopGap { showRead(from: 0) }
        var asking = PendingAnswer(ask)
        defer { asking.cancel() }
        if hasStopGap { return try await late(asking) }
        guard let answer = try await timely(&asking) else {
            tools.log.warning(.aiTimeout, "AI is late, fallback text goes out", fields)
            tools.metrics.isLate()
            if let notSent = try await sendFallback() { return notSent }
            return try await late(asking)
        }
        return try await onTime(answer)
    }

    /// Says that a wish of the contact's was noted, in place of an answer: the AI is not asked.
    ///
    /// - Parameter kind: `.optOut` or `.optIn`.
    func confirm(_ kind: MessageKind) async throws(LeaseLost) -> Result {
        try await send(kind, words(kind == .optOut ? .optedOut : .optedIn))
    }

    // MARK: The AI's part

    private func ask() async -> Swift.Result<String, AIError> {
        do throws(LeaseLost) {
            return try await tools.reader.read(lease.answered(message), for: business, lease) { turns, took in
                await ask(turns, after: took)
            }
        } catch {
            return .failure(.cancelled)
        }
    }

    /// - Parameter reading: how long it took to read what came with the message. The AI's own time begins behind it.
    private func ask(_ turns: [ChatMessage], after reading: Duration) async -> Swift.Result<String, AIError> {
        let start = MonotonicInstant.now()
        let answer: Swift.Result<String, AIError>
        do throws(AIError) {
            answer = .success(try await tools.ai.answer(question(turns, after: reading), checkpoint))
        } catch {
            answer = .failure(error)
        }
        note(answer, took: .now() - start)
        return answer
    }

    // What is not inlined here would have its temporaries in the frame of `ask`, which waits for the AI.

    @inline(never) private func question(_ turns: [ChatMessage], after reading: Duration) -> Assistant.Question {
        let settings = tools.settings
        let prompt = business.systemPrompt.isEmpty ? [] : [ChatMessage(role: .system, text: business.systemPrompt)]
        return Assistant.Question(
            business: business, messages: prompt + memory + turns,
            limit: max(.zero, settings.timeout + followUp + reading - lease.duration), job: lease.job,
            insists: isReplay)
    }

    @inline(never) private func note(_ answer: Swift.Result<String, AIError>, took: Duration) {
        // Of a call that nobody wants any more there is nothing to tell.
        if case .failure(.cancelled) = answer { return }
        tools.metrics.ended(answer, took: took)
        tools.log.info(.aiProcessingTime, "AI answered", fields(took))
    }

    /// The answer, or nil when the contact has waited long enough. What the contact says meanwhile becomes part of the
    /// question, which is then asked anew; unless a tool was called, because that cannot be taken back.
    private func timely(_ asking: inout PendingAnswer) async throws(LeaseLost) -> Swift.Result<String, AIError>? {
        while let coalescer, let look = coalescer.nextLook {
            if let answer = try await wait(asking, look) { return answer }
            guard await coalescer.hasNewcomer() else { continue }
            await asking.stop()
            if Task.isCancelled { throw LeaseLost() }
            if ToolRecord(checkpoint.recorded).rounds.isEmpty {
                let known = lease.merged.count
                try await coalescer.collect()
                showRead(from: 1 + known)
            } else {
                coalescer.close()
            }
            asking = PendingAnswer(ask)
        }
        // Counted from the claim: what was read meanwhile is part of it.
        return try await wait(asking, max(.zero, tools.settings.timeout - lease.duration))
    }

    private func wait(
        _ asking: PendingAnswer, _ limit: Duration
    ) async throws(LeaseLost) -> Swift.Result<String, AIError>? {
        do { return try await asking.answer(within: limit) } catch { throw LeaseLost() }
    }

    private func onTime(_ answer: Swift.Result<String, AIError>) async throws(LeaseLost) -> Result {
        switch answer {
        case .success(let text):
            try await checkpoint.record(Step.reply, text)
            return try await send(.text, text)
        case .failure(let error):
            tools.log.error(.aiError, "AI gave no answer", fields(error))
            // It is asked again later, which takes longer than the author should wait.
            if mayPass(error), let notSent = try await sendFallback() { return notSent }
            return try await failed(error)
        }
    }

    /// A stop-gap text is out; the call goes on. A replay asks also where no follow-ups are wanted.
    private func late(_ asking: PendingAnswer) async throws(LeaseLost) -> Result {
        let limit = max(followUp, isReplay ? tools.settings.timeout : .zero)
        guard limit > .zero else { return .answered(nil) }
        let answer = try await wait(asking, limit + tools.reader.patience(for: lease.answered(message)))
        switch answer ?? .failure(.transient("timeout", retryAfter: nil)) {
        case .success(let text):
            try await checkpoint.record(Step.followUp, text)
            return try await send(.followUp, text)
        case .failure(let error):
            if error != .cancelled { tools.metrics.failedLate() }
            tools.log.error(.aiErrorInTimeout, "AI gave no answer after the fallback text", fields(error))
            return try await failed(error)
        }
    }

    private func mayPass(_ error: AIError) -> Bool {
        if case .transient = error { lease.attempt < tools.jobAttempts } else { false }
    }

    private func failed(_ error: AIError) async throws(LeaseLost) -> Result {
        switch error {
        case .cancelled: throw LeaseLost()
        case .transient(let detail, let wait) where mayPass(error):
            return .retry(after: wait, reason: "ai: \(detail)")
        case .transient(let detail, _), .permanent(let detail):
            return try await fail(FailedAnswer(stage: .ai, reason: detail))
        }
    }

    /// Sees to it that the contact has got exactly one stop-gap text, and remembers that there will be no answer.
    private func fail(_ failure: FailedAnswer) async throws(LeaseLost) -> Result {
        if checkpoint[Step.failed] == nil { try await checkpoint.record(Step.failed, failure.text) }
        // Who cannot be reached cannot be told so either.
        guard failure.stage == .ai, !hasFallback else { return .failed(failure) }
        switch try await deliver(.apology, words(.apology)) {
        case .retry(let wait, let reason, let refund)? where refund || lease.attempt < tools.jobAttempts:
            return .retry(after: wait, reason: reason, refund: refund)
        case .silenced(let silence)?: return .silenced(silence)
        default: return .failed(failure)
        }
    }

    // MARK: Sending

    private func send(_ kind: MessageKind, _ text: String) async throws(LeaseLost) -> Result {
        try await deliver(kind, text) ?? .answered(text)
    }

    private func sendFallback() async throws(LeaseLost) -> Result? {
        try await deliver(.fallback, words(.fallback))
    }

    /// In the language of the contact's last words.
    private func words(_ text: OwnText) -> String {
        let said =
            lease.answered(message).reversed().compactMap { $0.body(checkpoint.recorded) }
            + memory.reversed().filter { $0.role == .user }.map(\.text)
        return Phrasebook(settings: business.settings, fallbackText: tools.settings.fallbackText).text(text, for: said)
    }

    /// Sends a text in parts that fit, in order; the next one only when the one before is out. nil when all are out.
    private func deliver(_ kind: MessageKind, _ text: String) async throws(LeaseLost) -> Result? {
        let order = order
        for (part, piece) in pieces(of: text).enumerated() {
            let outbound = outbound(piece, kind, part)
            let wasOut = isOut(kind, part)
            let asks = part == 0 && !mayBeOut(kind)
            switch try await tools.delivery.deliver(
                outbound, kind: kind, part: part, order: order, age: lease.age, asks: asks, checkpoint: checkpoint)
            {
            case .delivered(let step):
                let text = SentText(kind: kind, part: part, text: piece, step: step, after: lease.age)
                lease.sent.append(text)
                if !wasOut { report(text) }
            case .retryLater(let wait, let reason, let refund):
                return .retry(after: wait, reason: "send: \(reason)", refund: refund)
            case .giveUp(let code):
                return try await fail(FailedAnswer(stage: .send, reason: code))
            case .silenced(let handover): return .silenced(.taken(handover))
            }
        }
        return nil
    }

    @inline(never) private func outbound(_ piece: String, _ kind: MessageKind, _ part: Int) -> OutboundMessage {
        OutboundMessage(
            business: business, addresses: addresses, text: piece,
            id: OutboundID.make(job: lease.job.id.rawValue, kind: kind, part: part), needsTemplate: needsTemplate,
            traceparent: lease.job.traceparent)
    }

    private var order: [ProviderName] { ProviderOrder.order(for: message, business: business) }

    /// In parts that fit, whatever the window says: a part that is tried again must be the same part.
    private func pieces(of text: String) -> [String] {
        TextSplitter.split(text, for: order, business.settings)
    }

    /// What an attempt that gave up has sent: the rows tell it, whoever writes them.
    @inline(never) private func noteSent() {
        let texts: [(MessageKind, String?)] = [
            (.fallback, words(.fallback)), (.text, checkpoint[Step.reply]), (.followUp, checkpoint[Step.followUp]),
        ]
        for (kind, text) in texts {
            for (part, piece) in pieces(of: text ?? "").enumerated() {
                guard let step = sentStep(kind, part) else { break }
                lease.sent.append(SentText(kind: kind, part: part, text: piece, step: step, after: lease.age))
            }
        }
    }

    /// Whether an earlier attempt of the job has sent this part.
    private func isOut(_ kind: MessageKind, _ part: Int) -> Bool { sentStep(kind, part) != nil }

    private func sentStep(_ kind: MessageKind, _ part: Int) -> SendStep? {
        checkpoint[SendStep.name(kind, part: part)].flatMap { SendStep($0) }.flatMap { $0.state == .sent ? $0 : nil }
    }

    /// Whether the first part was sent, or may have been.
    private func mayBeOut(_ kind: MessageKind) -> Bool {
        checkpoint[SendStep.name(kind, part: 0)].flatMap { SendStep($0) }.map { $0.state != .refused } ?? false
    }

    @inline(never) private func report(_ text: SentText) {
        let step = text.step
        if text.kind != .followUp { tools.metrics.replied(after: text.after) }
        tools.log.info(
            .replySent, "Reply sent",
            [
                .jobID: .text(lease.job.id.rawValue), .business: .text(business.id),
                .conversation: .masked(message.contact), .messageID: .text(message.messageID),
                .provider: .text(step.provider.rawValue), .attempts: .int(step.attempts),
                .replyLength: .int(text.text.utf16.count),
                .toolCount: .int(ToolRecord.calls(in: checkpoint.recorded)), .unconfirmed: .flag(step.isUnconfirmed),
                .sendMS: .milliseconds(step.took), .totalMS: .milliseconds(text.after),
            ])
    }

    /// - Parameter first: of the job's messages, those from this one on.
    private func showRead(from first: Int) {
        tools.marks.show(lease.answered(message).dropFirst(first).map(\.message), to: business)
    }

    // MARK: Log fields

    private var fields: KeyValuePairs<LogKey, LogValue> {
        [
            .jobID: .text(lease.job.id.rawValue), .business: .text(business.id),
            .conversation: .masked(message.contact), .attempt: .int(lease.attempt),
        ]
    }

    private func fields(_ took: Duration) -> KeyValuePairs<LogKey, LogValue> {
        [.jobID: .text(lease.job.id.rawValue), .business: .text(business.id), .aiMS: .milliseconds(took)]
    }

    private func fields(_ error: AIError) -> KeyValuePairs<LogKey, LogValue> {
        [
            .jobID: .text(lease.job.id.rawValue), .business: .text(business.id), .error: .text(error.detail),
            .attempt: .int(lease.attempt),
        ]
    }
}
