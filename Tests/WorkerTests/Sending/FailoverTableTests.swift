import Shared
import Testing

@testable import Worker

/// Every way in which the sends of a message can go, with up to three providers, and what must hold in each.
@Suite("Failover, every way")
struct FailoverTableTests {
    /// What happens next; the decision's step says which of these can.
    enum Event: Sendable {
        case sent, timeout, broken, down, unable, rateLimited, message, contact, channel
        case cannotSend, circuitOpen, leaveRepeat
        case found, sending, overdue, notSent, forgotten, unreachable
        case acknowledged, refused, untold, pending, pendingOverdue, silent, silentOverdue

        static let sends: [Event] = [
            .sent, .timeout, .broken, .down, .unable, .rateLimited, .message, .contact, .channel,
        ]
        static let beforeSends: [Event] = [.cannotSend, .circuitOpen]
        static let lookUps: [Event] = [.found, .sending, .overdue, .notSent, .forgotten, .unreachable]

        static let acknowledgements: [Event] = [
            .acknowledged, .refused, .untold, .pending, .pendingOverdue, .silent, .silentOverdue,
        ]

        var acknowledgement: SentState? {
            switch self {
            case .acknowledged: .told(.sent)
            case .refused: .told(.failed, error: "message")
            case .untold: .untold
            case .pending, .pendingOverdue: .pending
            case .silent, .silentOverdue: .unreachable
            default: nil
            }
        }

        var outcome: SendOutcome? {
            switch self {
            case .sent: .sent(providerID: "x")
            case .timeout: .unknown(detail: "timeout", isTimeout: true)
            case .broken: .unknown(detail: "reset", isTimeout: false)
            case .down: .refused(.providerDown(detail: "down"))
            case .unable: .refused(.unable(detail: "unable"))
            case .rateLimited: .refused(.rateLimited(retryAfter: .seconds(4)))
            case .message: .refused(.message(code: "message"))
            case .contact: .refused(.contact(code: "463"))
            case .channel: .refused(.channel(code: "channel"))
            default: nil
            }
        }

        var answer: LookUp? {
            switch self {
            case .found: .sent(providerID: "x")
            case .sending, .overdue: .sending
            case .notSent: .notSent
            case .forgotten: .forgotten
            case .unreachable: .unreachable
            default: nil
            }
        }
    }

    /// One way, as far as it has come.
    struct Way {
        var failover: Failover
        var step: Failover.Step
        var events: [(provider: ProviderName, event: Event)] = []
        /// Whose send may be under way, as far as anybody told.
        var open: ProviderName?
        /// Begun by a worker that died.
        var takenOver: ProviderName?
    }

    static let candidates: [ProviderName: Failover.Candidate] = [
        .baileys: .init(name: .baileys, attempts: 2, keepsIDs: true),
        .twilio: .init(name: .twilio, attempts: 1, keepsIDs: false),
        .meta: .init(name: .meta, attempts: 1, keepsIDs: false),
        .evolution: .init(name: .evolution, attempts: 1, keepsIDs: false, acknowledgesLater: true),
    ]

    static let orders: [[ProviderName]] = [
        [.baileys], [.twilio], [.baileys, .twilio], [.twilio, .baileys], [.baileys, .twilio, .meta],
        [.twilio, .meta, .baileys], [.evolution], [.evolution, .twilio], [.baileys, .evolution, .twilio],
    ]

    /// Walks every way to its end.
    private func walk(_ way: Way, _ judge: Judge, _ visit: (Way) -> Void) {
        switch way.step {
        case .send(let provider):
            let events = Event.sends + (way.failover.isFirstSend ? Event.beforeSends : [.leaveRepeat])
            for event in events { walk(after(event, at: provider, way, judge), judge, visit) }
        case .lookUp(let provider):
            for event in Event.lookUps { walk(after(event, at: provider, way, judge), judge, visit) }
        case .acknowledge(let provider, _):
            for event in Event.acknowledgements { walk(after(event, at: provider, way, judge), judge, visit) }
        case .delivered, .retryLater, .stillSending, .giveUp:
            judge.ways += 1
            visit(way)
        }
    }

    /// What does not hold, in words.
    private final class Judge {
        private(set) var faults: [String] = []
        var ways = 0

        func expect(_ isTrue: Bool, _ promise: StaticString, _ way: Way) {
            if !isTrue { faults.append("\(promise): \(way.events) -> \(way.step)") }
        }
    }

    private func after(_ event: Event, at provider: ProviderName, _ way: Way, _ judge: Judge) -> Way {
        var next = way
        next.events.append((provider, event))
        let isOthers = way.open.map { $0 != provider } ?? false
        judge.expect(!isOthers, "nobody else does anything while a send may have been made", next)
        if let outcome = event.outcome {
            next.step = next.failover.sent(outcome)
            if case .unknown = outcome { next.open = provider }
            if case .acknowledge = next.step { next.open = provider }
        } else if let answer = event.answer {
            judge.expect(way.open == provider || way.takenOver == provider, "what is known is not asked", next)
            next.step = next.failover.lookedUp(answer, isOverdue: event == .overdue)
            if event != .sending { next.open = nil }
            // It may be out, and stays so while the same provider has it again.
            if event == .forgotten, next.step == .send(provider) { next.open = provider }
            if case .acknowledge = next.step { next.open = provider }
            next.takenOver = nil
        } else if let state = event.acknowledgement {
            judge.expect(way.open == provider, "only what was taken is asked about", next)
            let isOverdue = event == .pendingOverdue || event == .silentOverdue
            next.step = next.failover.acknowledged(state, of: "x", isOverdue: isOverdue)
            if event != .pending, event != .silent { next.open = nil }
        } else {
            switch event {
            case .cannotSend: next.step = next.failover.cannotSend()
            case .circuitOpen: next.step = next.failover.circuitOpen(for: .seconds(30))
            default: next.step = next.failover.leaveRepeat()
            }
        }
        return next
    }

    /// What holds at the end of every way.
    private func judge(_ way: Way, _ order: [ProviderName], _ judge: Judge) {
        let events = way.events.map(\.event), failover = way.failover, last = way.events.last
        let sends = way.events.filter { $0.event.outcome != nil }
        judge.expect(failover.attempts == sends.count, "attempts are sends", way)
        let ends: [Event] = [.sending, .acknowledged, .untold, .pending, .silent, .silentOverdue]
        judge.expect(
            !way.events.dropLast().contains {
                ends.contains($0.event) || [.sent, .found].contains($0.event) && $0.provider != .evolution
            }, "nothing follows what ends it", way)
        for (one, next) in zip(way.events, way.events.dropFirst()) {
            switch one.event {
            case .timeout, .broken:
                judge.expect(next.provider == one.provider, "an unknown outcome is asked about", way)
                let isRepeat = next.event.outcome != nil
                judge.expect(
                    !isRepeat || (one.event == .timeout && one.provider == .baileys),
                    "only a timeout is tried again, and only where ids are kept", way)
            case .contact: judge.expect(next.event.answer != nil, "after a contact's fault nobody sends", way)
            case .sent, .found:
                judge.expect(
                    next.provider == one.provider && next.event.acknowledgement != nil, "what was taken is asked about",
                    way)
            case .refused, .pendingOverdue:
                judge.expect(next.provider != one.provider, "nobody sends through it again", way)
            case .forgotten:
                judge.expect(one.provider == .baileys, "who keeps no ids is sent nothing again", way)
            case .unreachable:
                judge.expect(one.provider == .baileys, "who keeps no ids is not passed over unasked", way)
            default: break
            }
        }
        for provider in order {
            let own = sends.filter { $0.provider == provider }
            let isReminded = way.events.contains { $0.provider == provider && $0.event == .forgotten }
            let most = Self.candidates[provider]!.attempts + (isReminded ? 1 : 0)
            judge.expect(own.count <= most, "a provider has its attempts", way)
            judge.expect(
                own.count { $0.event != .timeout } <= (isReminded ? 2 : 1)
                    && (isReminded || own.dropLast().allSatisfy { $0.event == .timeout }), "one error is enough", way)
        }
        let isPassedOver = zip(way.events, way.events.dropFirst()).contains { one, next in
            [.unreachable, .overdue, .pendingOverdue].contains(one.event)
                || one.event == .forgotten && next.provider != one.provider
        }
        judge.expect(
            failover.isUnconfirmed == isPassedOver,
            "marked if, and only if, somebody was passed over who may have sent", way)
        judge.expect(
            failover.isOutage == (sends.isEmpty && events.contains(.circuitOpen)),
            "an outage is when nobody is sent to",
            way)

        let isContact = sends.last?.event == .contact
        let isUnanswered = last?.event == .unreachable || last?.event == .forgotten
        let isTaken = events.dropLast().contains(.pendingOverdue)
        let refusals = order.map { provider in
            way.events.last { $0.provider == provider && ($0.event.outcome != nil || $0.event == .refused) }?.event
        }
        let isRefusedByAll = refusals.allSatisfy { $0 == .message || $0 == .refused } && !isPassedOver && !isUnanswered
        switch way.step {
        case .delivered(let by, _):
            let said: [Event] = [.sent, .found, .acknowledged, .untold, .pendingOverdue, .silentOverdue]
            let isSaid = last.map { said.contains($0.event) && $0.provider == by } ?? false
            judge.expect(isSaid || isTaken && by == .evolution, "delivered is who said so", way)
        case .stillSending:
            let open: [Event] = [.sending, .overdue, .pending, .silent]
            judge.expect(last.map { open.contains($0.event) } ?? false && failover.isOpen, "a send goes on", way)
        case .giveUp(let code):
            judge.expect(isContact || isRefusedByAll, "given up is what nobody will ever take", way)
            judge.expect(!isTaken, "what somebody took is not given up", way)
            judge.expect(code == (isContact ? "463" : "message"), "the last code is told", way)
        case .retryLater(let wait, _):
            judge.expect(!isContact && !isRefusedByAll, "what nobody will ever take does not come back", way)
            judge.expect(failover.isOpen == isUnanswered, "the question stays open", way)
            guard !failover.isOpen else { return }
            judge.expect(Set(way.events.map(\.provider)) == Set(order), "everybody has his turn", way)
            let asked = events.contains(.rateLimited) ? 4 : events.contains(.circuitOpen) ? 30 : nil
            judge.expect(wait == asked.map { .seconds($0) }, "it comes back when the first may be tried", way)
        case .send, .lookUp, .acknowledge: judge.expect(false, "a way has an end", way)
        }
    }

    @Test(arguments: FailoverTableTests.orders)
    func `whatever happens, nobody sends what may be out`(order: [ProviderName]) {
        var failover = Failover(order.map { Self.candidates[$0]! })
        let step = failover.start(), judge = Judge()
        walk(Way(failover: failover, step: step), judge) { self.judge($0, order, judge) }
        #expect(judge.ways >= Event.sends.count)
        #expect(judge.faults.isEmpty, "\(judge.faults.count): \(judge.faults.prefix(5))")
    }

    @Test(arguments: FailoverTableTests.orders.flatMap { order in order.map { (order, $0) } })
    func `what a dead worker had begun is asked about first`(order: [ProviderName], begun: ProviderName) {
        var failover = Failover(order.map { Self.candidates[$0]! })
        let step = failover.resume(at: begun), judge = Judge()
        #expect(step == .lookUp(begun))
        walk(Way(failover: failover, step: step, takenOver: begun), judge) { way in
            let first = way.events[0], second = way.events.dropFirst().first
            judge.expect(first.provider == begun && first.event.answer != nil, "the begun one is asked about", way)
            judge.expect(
                first.event != .notSent || second?.provider == begun, "what was not sent goes out by the same way", way)
            let unasked = way.events.filter {
                [.unreachable, .overdue, .forgotten, .pendingOverdue].contains($0.event)
            }
            judge.expect(!way.failover.isUnconfirmed || !unasked.isEmpty, "marked only if somebody may have sent", way)
            if case .retryLater = way.step, way.events.last?.event == .unreachable {
                judge.expect(way.failover.isOpen, "the question stays open", way)
            }
        }
        #expect(judge.ways > Event.lookUps.count)
        #expect(judge.faults.isEmpty, "\(judge.faults.count): \(judge.faults.prefix(5))")
    }
}
