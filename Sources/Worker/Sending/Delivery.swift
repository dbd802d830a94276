import Native
import Shared

/// Sends one text through the providers in order: the shell around `Failover`, which decides.
@LoopActor struct Delivery {
    enum Result: Equatable, Sendable {
        case delivered(SendStep)
        /// - refund: nothing was tried, so that it is no attempt.
        case retryLater(after: Duration?, reason: String, refund: Bool)
        case giveUp(code: String)
        /// Somebody has taken the conversation meanwhile, and nothing is out.
        case silenced(Handover)
    }

    let providers: [ProviderName: any Provider]
    let circuits: SharedCircuits
    let pacing: SharedPacing
    let metrics: SendMetrics
    let log: Log
    /// What a send may take until WhatsApp has acknowledged it. Past it another provider sends; where there is none, a send
    /// whose outcome is open is waited for at the cost of attempts, so that the wait ends.
    let longestSend: Duration

    /// For WhatsApp's acknowledgement, while the job is in hand. Most come within a second.
    private static let acknowledgementPatience: Duration = .seconds(2)
    /// Between two questions after a send that has not ended.
    private static let sendPause: Duration = .seconds(2)
    /// How old a job may be to be spared the attempt because no provider works: an outage ends, or the job does.
    private static let longestOutage: Duration = .seconds(600)
    /// How old a job may be to wait for a number's or contact's limit, in place of going out through another number.
    private static let longestPacing: Duration = .seconds(15)
    /// Those that wait for one circuit do not come back all at once.
    private static let spread: Duration = .seconds(1)

    /// Every state that matters after a crash is recorded before the next thing happens.
    ///
    /// - Parameters:
    ///   - order: the business's providers, by preference.
    ///   - age: of the job.
    ///   - asks: whether somebody who has taken the conversation stops the text: not where a part of it may be out already.
    ///     It is asked with each attempt's record, just before the text is sent.
    func deliver(
        _ message: OutboundMessage, kind: MessageKind, part: Int, order: [ProviderName], age: Duration,
        asks: Bool, checkpoint: Checkpoint
    ) async throws(LeaseLost) -> Result {
        let name = SendStep.name(kind, part: part)
        let earlier = checkpoint[name].flatMap { SendStep($0) }
        if let earlier, earlier.state == .sent { return .delivered(earlier) }

        let text = DeliveryState(
            message, name: name, asks: asks, checkpoint: checkpoint,
            failover: Failover(candidates(order, message, earlier), isPatient: age < Self.longestPacing),
            send: earlier ?? SendStep(state: .refused, provider: order.first ?? .baileys, since: .now()))
        let start = MonotonicInstant.now()
        var step: Failover.Step
        if let earlier, earlier.state == .sending {
            step = text.failover.resume(at: earlier.provider, taken: earlier.providerID)
        } else {
            step = text.failover.start()
        }
        while true {
            switch step {
            case .send(let next):
                switch try await attempt(text, next) {
                case .step(let following): step = following
                case .taken(let handover):
                    try await text.close()
                    return .silenced(handover)
                }
            case .lookUp(let asked): step = try await lookUp(text, asked)
            case .acknowledge(let by, let providerID): step = try await acknowledgement(text, by, providerID)
            case .delivered(let by, let providerID):
                return .delivered(try await delivered(text, by, providerID, took: .now() - start))
            case .retryLater(let wait, let reason):
                try await text.close()
                let isRefunded = text.failover.isPaced || text.failover.isOutage && age < Self.longestOutage
                let spread = isRefunded ? Self.spread * .random(in: 0..<1) : .zero
                return .retryLater(after: wait.map { $0 + spread }, reason: reason, refund: isRefunded)
            case .stillSending(let by):
                return .retryLater(
                    after: Self.sendPause, reason: "\(by.rawValue) is still sending", refund: !isOverdue(text.send))
            case .giveUp(let code):
                // An operator's replay may try it again.
                text.send.passed = nil
                try await text.close()
                return .giveUp(code: code)
            }
        }
    }

    private func isOverdue(_ send: SendStep) -> Bool {
        WallTime.now().milliseconds - send.since.milliseconds >= Int64(longestSend.milliseconds)
    }

    private func delivered(
        _ text: DeliveryState, _ by: ProviderName, _ providerID: String, took: Duration
    ) async throws(LeaseLost) -> SendStep {
        let own = text.taken?.provider == by ? text.taken ?? text.send : text.send
        text.send = SendStep(
            state: .sent, provider: by, since: own.since, providerID: providerID,
            attempts: max(text.failover.attempts, 1),
            isUnconfirmed: text.failover.isUnconfirmed || text.send.isUnconfirmed, took: took,
            sentAt: own.provider == by ? own.sentAt ?? .now() : .now())
        try await text.record()
        return text.send
    }

    private func lookUp(_ text: DeliveryState, _ asked: ProviderName) async throws(LeaseLost) -> Failover.Step {
        let answer = await provider(asked).lookUp(text.message, since: text.send.since)
        if Task.isCancelled { throw LeaseLost() }
        let step = text.failover.lookedUp(answer, isOverdue: isOverdue(text.send))
        if text.failover.isUnconfirmed, !text.send.isUnconfirmed {
            text.send.isUnconfirmed = true
            report(asked, answer == .sending ? "not_acknowledged" : "cannot_be_asked", text.message)
        }
        return step
    }

    /// Recorded first: whoever goes on asks about that send, and makes no other.
    private func acknowledgement(
        _ text: DeliveryState, _ by: ProviderName, _ providerID: String
    ) async throws(LeaseLost) -> Failover.Step {
        let isNew = text.send.providerID != providerID || text.send.state != .sending
        if isNew {
            text.send.state = .sending
            text.send.provider = by
            text.send.providerID = providerID
            text.send.sentAt = .now()
            try await text.record()
        }
        let sent = SentMessage(
            business: text.message.business, addresses: text.message.addresses, providerID: providerID)
        let state = await provider(by).acknowledgement(
            of: sent, patience: isNew ? Self.acknowledgementPatience : .zero)
        if Task.isCancelled { throw LeaseLost() }
        let step = text.failover.acknowledged(state, of: providerID, isOverdue: isOverdue(text.send))
        if case .told(.failed, let error, _) = state {
            text.send.passed = by
            report(by, error ?? "refused", text.message)
        }
        if text.failover.unacknowledged?.provider == by {
            text.send.isUnconfirmed = true
            text.taken = text.send
            circuits.note(
                .failure, "not_acknowledged", isProbe: false,
                of: CircuitName(business: text.message.business.id, provider: by))
            report(by, "not_acknowledged", text.message)
        }
        return step
    }

    /// How it goes on after an attempt, or who has taken the conversation before it was made.
    private enum Attempt {
        case step(Failover.Step)
        case taken(Handover)
    }

    private func attempt(_ text: DeliveryState, _ next: ProviderName) async throws(LeaseLost) -> Attempt {
        let circuit = CircuitName(business: text.message.business.id, provider: next)
        guard text.failover.isFirstSend else {
            // Not asked again after a timeout: that send's outcome is open, and only a look-up may close it.
            if circuits.isOpen(circuit) { return .step(text.failover.leaveRepeat()) }
            return .step(try await send(text, circuit, isProbe: false))
        }
        if let wait = pacing.wait(circuit) {
            let step = text.failover.paced(for: wait)
            if !text.failover.isPaced { report(next, "number_rate_limited", text.message) }
            return .step(step)
        }
        let isProbe: Bool
        switch await circuits.ask(circuit) {
        case .call: isProbe = false
        case .probe: isProbe = true
        case .refused(let wait):
            report(next, Failover.circuitIsOpen, text.message)
            return .step(text.failover.circuitOpen(for: wait))
        }
        do throws(LeaseLost) {
            let ability = await provider(next).ability(of: text.message.business)
            // A question that was cancelled is answered with no.
            if Task.isCancelled { throw LeaseLost() }
            guard ability == .able else {
                let isSilent = ability == .silent
                circuits.note(isSilent ? .failure : .nothing, "does not tell its state", isProbe: isProbe, of: circuit)
                report(next, isSilent ? "silent" : "cannot_send", text.message)
                return .step(text.failover.cannotSend())
            }
            if let handover = try await begin(text, next) {
                circuits.note(.nothing, "", isProbe: isProbe, of: circuit)
                return .taken(handover)
            }
            return .step(try await send(text, circuit, isProbe: isProbe))
        } catch {
            // Somebody else goes on, and may probe.
            circuits.note(.nothing, "", isProbe: isProbe, of: circuit)
            throw error
        }
    }

    /// Records that the text is about to be sent, unless somebody has taken the conversation.
    private func begin(_ text: DeliveryState, _ next: ProviderName) async throws(LeaseLost) -> Handover? {
        text.send = SendStep(
            state: .sending, provider: next, since: .now(),
            isUnconfirmed: text.failover.isUnconfirmed || text.send.isUnconfirmed,
            passed: text.failover.unacknowledged?.provider ?? text.send.passed)
        // What is unconfirmed may be out already.
        return try await text.record(saying: Speech(text.message, asks: text.asks && !text.send.isUnconfirmed))
    }

    private func send(
        _ text: DeliveryState, _ circuit: CircuitName, isProbe: Bool
    ) async throws(LeaseLost) -> Failover.Step {
        try await text.checkpoint.requireLease()
        let start = MonotonicInstant.now()
        let outcome = await provider(circuit.provider).send(text.message)
        metrics.observe(circuit.provider, outcome, took: .now() - start)
        if Task.isCancelled { throw LeaseLost() }
        circuits.note(outcome.ofServer, outcome.code, isProbe: isProbe, of: circuit)
        if case .refused(.tooFast(let wait, .number)) = outcome { pacing.limit(circuit, for: wait) }
        let step = text.failover.sent(outcome)
        if case .sent = outcome {
        } else if !text.failover.isPaced {
            report(circuit.provider, outcome.code, text.message)
        }
        return step
    }

    private func report(_ provider: ProviderName, _ code: String, _ message: OutboundMessage) {
        metrics.failover(from: provider)
        log.warning(
            .providerFailover, "Provider did not take the message",
            [
                .provider: .text(provider.rawValue), .reason: .text(code), .business: .text(message.business.id),
                .messageID: .text(message.id),
            ])
    }

    private func candidates(
        _ order: [ProviderName], _ message: OutboundMessage, _ earlier: SendStep?
    ) -> [Failover.Candidate] {
        order.compactMap { name in
            guard name != earlier?.passed, let provider = providers[name], provider.reaches(message) else { return nil }
            return Failover.Candidate(
                name: name, attempts: provider.attempts, keepsIDs: provider.keepsIDs,
                acknowledgesLater: provider.acknowledgesLater)
        }
    }

    private func provider(_ name: ProviderName) -> any Provider {
        guard let provider = providers[name] else { preconditionFailure("no provider \(name.rawValue)") }
        return provider
    }
}
