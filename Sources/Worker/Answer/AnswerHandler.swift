import Native
import Shared

/// `webhook_process_job`: answers one inbound message and writes its rows.
///
/// Running it twice sends nothing twice: each text is recorded before and after it is sent, and rows have unique keys.
@LoopActor final class AnswerHandler: JobHandler {
    let version = AnswerJob.version

    let queue: RedisQueue
    let businesses: BusinessCache
    let memory: ConversationMemory
    let rows: RowWriter
    let aliases: AliasedMessages
    let optOuts: OptOuts
    let addresses: KnownAddresses
    let window: ContactWindow
    let tools: AnswerTools
    let staleAfter: Duration
    let answeredBefore: AnsweredBefore
    /// Whether what comes with messages is kept for the record.
    let keepsMedia: Bool

    init(
        queue: RedisQueue, businesses: BusinessCache, memory: ConversationMemory, rows: RowWriter,
        aliases: AliasedMessages, optOuts: OptOuts, addresses: KnownAddresses, window: ContactWindow,
        tools: AnswerTools, staleAfter: Duration, answeredBefore: AnsweredBefore, keepsMedia: Bool
    ) {
        self.queue = queue
        self.businesses = businesses
        self.memory = memory
        self.rows = rows
        self.aliases = aliases
        self.optOuts = optOuts
        self.addresses = addresses
        self.window = window
        self.tools = tools
        self.staleAfter = staleAfter
        self.answeredBefore = answeredBefore
        self.keepsMedia = keepsMedia
    }

    func run(_ job: LeasedJob) async -> JobOutcome {
        guard let message = try? JSON.read(job.job.payload, { InboundMessage(payload: $0) }) ?? nil else {
            return .giveUp(reason: "payload is not a message")
        }
        job.takeUpMerged(message)
        do throws(LeaseLost) { return try await answer(message, job) } catch { return .lost }
    }

    private func answer(_ message: InboundMessage, _ job: LeasedJob) async throws(LeaseLost) -> JobOutcome {
        let found: Business?
        do throws(StoreError) { found = try await businesses.business(message.tenant) } catch {
            if Task.isCancelled { throw LeaseLost() }
            return .retry(after: nil, reason: "business: \(error)", refund: error.isOutage)
        }
        guard let business = found else {
            guard let alias = BusinessAlias(tenant: message.tenant) else {
                return .giveUp(reason: "unknown business \(message.tenant)")
            }
            return await aliases.passOn(message, alias, job)
        }
        guard GroupPolicy.admits(message, business.settings.groups) else {
            tools.log.debug(.jobFinished, "A group's message that is not wanted", [.jobID: .text(job.job.id.rawValue)])
            return .done()
        }
        // Noted also where nothing is answered.
        let wish = try await optOuts.note(message, business, job), following = wish?.following ?? []
        if let reason = reasonNotToAnswer(message, business, job, wish) {
            tools.log.info(
                .jobFinished, "Stored, not answered", [.jobID: .text(job.job.id.rawValue), .reason: .text(reason)])
            return await finish(message, job, .skipped, reply: nil, await memory.recall(message, job), following)
        }
        if await answeredBefore.holds(message, steps: job.checkpoint.recorded) {
            tools.log.info(.jobFinished, "Answered before, and not again", [.jobID: .text(job.job.id.rawValue)])
            return .done()
        }
        let remembered = await memory.recall(message, job), said = memory.messages(of: remembered)
        if !job.checkpoint.hasBegunToSend,
            let silence = try await tools.replies.silence(for: message, business, job, said)
        {
            return await keepSilent(silence, message, job, remembered, following)
        }
        let answering = Answering(
            tools: tools, lease: job, message: message, business: business, memory: said,
            addresses: await addresses.all(of: message, business),
            needsTemplate: await window.needingTemplate(message, business),
            coalescer: coalescer(for: message, business, job, said))
        let result =
            if let confirmation = wish?.confirmation {
                try await answering.confirm(confirmation)
            } else { try await answering.run() }
        switch result {
        case .answered(let reply):
            return await finish(
                message, job, reply == nil ? .received : .answered, reply: reply, remembered, following)
        case .silenced(let silence): return await keepSilent(silence, message, job, remembered, following)
        case .retry(_, let reason, false) where job.attempt >= tools.jobAttempts:
            return await giveUp(message, job, stage: "attempts", reason, following)
        case .retry(let wait, let reason, let refund): return .retry(after: wait, reason: reason, refund: refund)
        case .failed(let failure):
            return await giveUp(message, job, stage: failure.stage.rawValue, failure.text, following)
        }
    }

    /// nil: the message is answered by itself. A replay is, because what waits behind it is of another time, and so is a job
    /// that crashed a worker, in which others must not share.
    private func coalescer(
        for message: InboundMessage, _ business: Business, _ job: LeasedJob, _ memory: [ChatMessage]
    ) -> Coalescer? {
        guard let rule = MergeRule(business.settings, timeout: tools.settings.timeout), job.lease.crashes == 0,
            job.job.conversation != nil, job.checkpoint[Job.replayedStep] == nil
        else { return nil }
        let staleAfter = staleAfter
        return Coalescer(
            queue: queue, lease: job, head: job.answered(message)[0], rule: rule, log: tools.log
        ) {
            MergeRule.joins($0, message, business, memory: memory, staleAfter: staleAfter, now: .now())
        }
    }

    // What follows is not put into `answer`, whose frame waits for the AI: it would be nine kilobytes and not one.

    /// A person has the conversation, or nobody is there to talk to.
    @inline(never) private func keepSilent(
        _ silence: Silence, _ message: InboundMessage, _ job: LeasedJob, _ remembered: Recollection, _ following: [Job]
    ) async -> JobOutcome {
        // Of too many each would be a line: that there are was told.
        if silence != .tooMany {
            tools.log.info(
                .jobFinished, "Stored, not answered",
                [.jobID: .text(job.job.id.rawValue), .reason: .text(silence.reason)])
        }
        let shown = silence == .echo ? [HandoverJob.loop(message, job.job)] : []
        return await finish(message, job, .skipped, reply: nil, remembered, following + shown)
    }

    /// The rows first: a dead job whose texts nobody knows of could be replayed into a double.
    @inline(never) private func giveUp(
        _ message: InboundMessage, _ job: LeasedJob, stage: String, _ reason: String, _ following: [Job]
    ) async -> JobOutcome {
        let written = await rows.write(ExchangeRows.rows(of: message, job, status: .received), job)
        let noted = await rows.note(reason, stage: stage, message, job, after: written)
        return .giveUp(reason: reason, following: written.following + noted + following)
    }

    private func reasonNotToAnswer(
        _ message: InboundMessage, _ business: Business, _ job: LeasedJob, _ wish: OptOuts.Noted?
    ) -> String? {
        if business.status != .active { return "business is \(business.status.rawValue)" }
        if let wish, wish.confirmation == nil { return "opted out before" }
        // An operator wants it answered, however old it is.
        if job.checkpoint[Job.replayedStep] != nil { return nil }
        let age = WallTime.now().milliseconds - message.sentAt.milliseconds
        return age > Int64(staleAfter.milliseconds) ? "stale" : nil
    }

    /// The rows go to Postgres; if it is down they wait in the queue, enqueued in the same step that ends this job. In
    /// that step the conversation remembers the message, also one that is not answered.
    @inline(never) private func finish(
        _ message: InboundMessage, _ job: LeasedJob, _ status: InboundRow.Status, reply: String?,
        _ remembered: Recollection, _ following: [Job]
    ) async -> JobOutcome {
        let written = await rows.write(ExchangeRows.rows(of: message, job, status: status), job)
        let said = ExchangeMemory.messages(
            of: job.answered(message), steps: job.checkpoint.recorded, reply: reply)
        let kept =
            keepsMedia
            ? KeepMediaHandler.jobs(
                for: job.answered(message), steps: job.checkpoint.recorded, after: job.job) : []
        return .done(memory: remembered.lines(adding: said), followOn: written.following + following + kept)
    }
}

extension LeasedJob {
    /// What a former attempt has merged is answered with the job's own message, whatever is set by then.
    fileprivate func takeUpMerged(_ message: InboundMessage) {
        merged = AnsweredMessage.merged(in: checkpoint.recorded, after: answered(message)[0])
    }
}

extension HandoverJob {
    /// Shows people that a conversation was stopped because our own texts came back.
    fileprivate static func loop(_ message: InboundMessage, _ job: Job) -> Job {
        HandoverJob(
            business: message.tenant, contact: message.contact,
            Handover(cause: .loop, left: ReplyGuard.loopPause), now: .now()
        ).job(job.id.rawValue)
    }
}
