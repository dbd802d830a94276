import Native
import Shared

/// Sends one text through the providers in order: the shell around `Failover`, which decides.
@LoopActor struct Delivery {
    enum Result: Equatable, Sendable {
        case delivered(SendStep)
        /// - refund: nothing was tried, so that it is no attempt.
        case retryLater(after: Duration?, reason: String, refund: Bool)
        case giveUp(code: String)
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
    func deliver(
        _ message: OutboundMessage, kind: MessageKind, part: Int, order: [ProviderName], age: Duration,
        checkpoint: Checkpoint
    ) async throws(LeaseLost) -> Result {
        let name = SendStep.name(kind, part: part)
        let earlier = checkpoint[name].flatMap { SendStep($0) }
        if let earlier, earlier.state == .sent { return .delivered(earlier) }

        var failover = Failover(candidates(order, message, earlier), isPatient: age < Self.longestPacing)
        var send = earlier ?? SendStep(state: .refused, provider: order.first ?? .baileys, since: .now())
        // What a provider took that is passed over, as far as this run knows.
        var taken: SendStep?
        let start = MonotonicInstant.now()
        var step: Failover.Step
        if let earlier, earlier.state == .sending {
            step = failover.resume(at: earlier.provider, taken: earlier.providerID)
        } else {
            step = failover.start()
        }
        while true {
            switch step {
            case .send(let next):
                step = try await attempt(message, next, &failover, &send, checkpoint, name)
            case .lookUp(let asked):
                let answer = await provider(asked).lookUp(message, since: send.since)
                if Task.isCancelled { throw LeaseLost() }
                step = failover.lookedUp(answer, isOverdue: isOverdue(send))
                if failover.isUnconfirmed, !send.isUnconfirmed {
                    send.isUnconfirmed = true
                    report(asked, answer == .sending ? "not_acknowledged" : "cannot_be_asked", message)
                }
            case .acknowledge(let by, let providerID):
                step = try await acknowledgement(message, by, providerID, &failover, &send, checkpoint, name)
                if failover.unacknowledged?.provider == by { taken = send }
            case .delivered(let by, let providerID):
                let own = taken?.provider == by ? taken ?? send : send
                send = SendStep(
                    state: .sent, provider: by, since: own.since, providerID: providerID,
                    attempts: max(failover.attempts, 1),
                    isUnconfirmed: failover.isUnconfirmed || send.isUnconfirmed, took: .now() - start,
                    sentAt: own.provider == by ? own.sentAt ?? .now() : .now())
                try await checkpoint.record(name, send.text)
                return .delivered(send)
            case .retryLater(let wait, let reason):
                try await close(failover, send, taken, checkpoint, name)
                let isRefunded = failover.isPaced || failover.isOutage && age < Self.longestOutage
                let spread = isRefunded ? Self.spread * .random(in: 0..<1) : .zero
                return .retryLater(after: wait.map { $0 + spread }, reason: reason, refund: isRefunded)
            case .stillSending(let by):
                return .retryLater(
                    after: Self.sendPause, reason: "\(by.rawValue) is still sending", refund: !isOverdue(send))
            case .giveUp(let code):
                // An operator's replay may try it again.
                send.passed = nil
                try await close(failover, send, taken, checkpoint, name)
                return .giveUp(code: code)
            }
        }
    }

    private func isOverdue(_ send: SendStep) -> Bool {
        WallTime.now().milliseconds - send.since.milliseconds >= Int64(longestSend.milliseconds)
    }

    /// Recorded first: whoever goes on asks about that send, and makes no other.
    private func acknowledgement(
        _ message: OutboundMessage, _ by: ProviderName, _ providerID: String, _ failover: inout Failover,
        _ send: inout SendStep, _ checkpoint: Checkpoint, _ name: String
    ) async throws(LeaseLost) -> Failover.Step {
        let isNew = send.providerID != providerID || send.state != .sending
        if isNew {
            send.state = .sending
            send.provider = by
            send.providerID = providerID
            send.sentAt = .now()
            try await checkpoint.record(name, send.text)
        }
        let state = await provider(by).acknowledgement(
            of: SentMessage(business: message.business, addresses: message.addresses, providerID: providerID),
            patience: isNew ? Self.acknowledgementPatience : .zero)
        if Task.isCancelled { throw LeaseLost() }
        let step = failover.acknowledged(state, of: providerID, isOverdue: isOverdue(send))
        if case .told(.failed, let error, _) = state {
            send.passed = by
            report(by, error ?? "refused", message)
        }
        if failover.unacknowledged?.provider == by {
            send.isUnconfirmed = true
            circuits.note(
                .failure, "not_acknowledged", isProbe: false,
                of: CircuitName(business: message.business.id, provider: by))
            report(by, "not_acknowledged", message)
        }
        return step
    }

    private func attempt(
        _ message: OutboundMessage, _ next: ProviderName, _ failover: inout Failover, _ send: inout SendStep,
        _ checkpoint: Checkpoint, _ name: String
    ) async throws(LeaseLost) -> Failover.Step {
        let circuit = CircuitName(business: message.business.id, provider: next)
        guard failover.isFirstSend else {
            // Not asked again after a timeout: that send's outcome is open, and only a look-up may close it.
            if circuits.isOpen(circuit) { return failover.leaveRepeat() }
            return try await self.send(message, circuit, isProbe: false, &failover, checkpoint)
        }
        if let wait = pacing.wait(circuit) {
            let step = failover.paced(for: wait)
            if !failover.isPaced { report(next, "number_rate_limited", message) }
            return step
        }
        let isProbe: Bool
        switch await circuits.ask(circuit) {
        case .call: isProbe = false
        case .probe: isProbe = true
        case .refused(let wait):
            report(next, Failover.circuitIsOpen, message)
            return failover.circuitOpen(for: wait)
        }
        do throws(LeaseLost) {
            let ability = await provider(next).ability(of: message.business)
            // A question that was cancelled is answered with no.
            if Task.isCancelled { throw LeaseLost() }
            guard ability == .able else {
                let isSilent = ability == .silent
                circuits.note(isSilent ? .failure : .nothing, "does not tell its state", isProbe: isProbe, of: circuit)
                report(next, isSilent ? "silent" : "cannot_send", message)
                return failover.cannotSend()
            }
            send = SendStep(
                state: .sending, provider: next, since: .now(),
                isUnconfirmed: failover.isUnconfirmed || send.isUnconfirmed,
                passed: failover.unacknowledged?.provider ?? send.passed)
            try await checkpoint.record(name, send.text)
            return try await self.send(message, circuit, isProbe: isProbe, &failover, checkpoint)
        } catch {
            // Somebody else goes on, and may probe.
            circuits.note(.nothing, "", isProbe: isProbe, of: circuit)
            throw error
        }
    }

    private func send(
        _ message: OutboundMessage, _ circuit: CircuitName, isProbe: Bool, _ failover: inout Failover,
        _ checkpoint: Checkpoint
    ) async throws(LeaseLost) -> Failover.Step {
        try await checkpoint.requireLease()
        let start = MonotonicInstant.now()
        let outcome = await provider(circuit.provider).send(message)
        metrics.observe(circuit.provider, outcome, took: .now() - start)
        if Task.isCancelled { throw LeaseLost() }
        circuits.note(outcome.ofServer, outcome.code, isProbe: isProbe, of: circuit)
        if case .refused(.tooFast(let wait, .number)) = outcome { pacing.limit(circuit, for: wait) }
        let step = failover.sent(outcome)
        if case .sent = outcome {} else if !failover.isPaced { report(circuit.provider, outcome.code, message) }
        return step
    }

    /// Says in the record that nothing is under way, unless something is.
    ///
    /// - Parameter taken: who took it before and was passed over is asked again.
    private func close(
        _ failover: Failover, _ send: SendStep, _ taken: SendStep?, _ checkpoint: Checkpoint, _ name: String
    ) async throws(LeaseLost) {
        guard !failover.isOpen, checkpoint[name] != nil else { return }
        var closed = taken ?? send
        if taken == nil {
            closed.state = .refused
            closed.providerID = nil
        }
        try await checkpoint.record(name, closed.text)
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

extension SendOutcome {
    /// What it says of the provider's server.
    var ofServer: Circuit.Outcome {
        switch self {
        case .sent: .success
        case .unknown: .failure
        case .refused(let refusal):
            switch refusal {
            case .providerDown: .failure
            // The server answered as it should.
            case .message, .contact: .success
            case .unable, .rateLimited, .tooFast: .nothing
            case .channel: .fatal
            }
        }
    }

    /// For logs and metrics.
    var code: String {
        switch self {
        case .sent: "sent"
        case .refused(let refusal): refusal.code
        case .unknown(let detail, _): detail
        }
    }
}
