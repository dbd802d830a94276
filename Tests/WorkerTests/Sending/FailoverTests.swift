import Shared
import Testing

@testable import Worker

@Suite("Failover")
struct FailoverTests {
    typealias Step = Failover.Step
    static let timeout = SendOutcome.unknown(detail: "timeout", isTimeout: true)
    static let broken = SendOutcome.unknown(detail: "connection reset", isTimeout: false)
    static let down = SendOutcome.refused(.providerDown(detail: "down"))

    func makeFailover() -> Failover {
        Failover([
            .init(name: .baileys, attempts: 2, keepsIDs: true), .init(name: .twilio, attempts: 1, keepsIDs: false),
        ])
    }

    @Test func `the first provider's success ends it`() {
        var failover = makeFailover()
        #expect(failover.start() == .send(.baileys))
        #expect(failover.sent(.sent(providerID: "x")) == .delivered(.baileys, providerID: "x"))
        #expect(failover.attempts == 1 && failover.failures.isEmpty)
    }

    @Test func `a timeout is tried once more, then asked about, and only then does another provider send`() {
        var failover = makeFailover()
        _ = failover.start()
        #expect(failover.sent(Self.timeout) == .send(.baileys))
        #expect(failover.sent(Self.timeout) == .lookUp(.baileys))
        #expect(failover.lookedUp(.notSent) == .send(.twilio))
        #expect(failover.sent(.sent(providerID: "SM1")) == .delivered(.twilio, providerID: "SM1"))
        #expect(failover.attempts == 3 && !failover.isUnconfirmed)
    }

    @Test(arguments: [
        (SendRefusal.providerDown(detail: "down"), Step.send(.twilio)), (.unable(detail: "409"), .send(.twilio)),
        (.message(code: "400"), .send(.twilio)), (.contact(code: "463"), .giveUp(code: "463")),
    ])
    func `a repeat that is refused says nothing of the send before, which is asked about first`(
        refusal: SendRefusal, step: Step
    ) {
        var failover = makeFailover()
        _ = failover.start()
        _ = failover.sent(Self.timeout)
        #expect(failover.sent(.refused(refusal)) == .lookUp(.baileys))
        var other = failover
        #expect(failover.lookedUp(.notSent) == step)
        #expect(other.lookedUp(.sent(providerID: "x")) == .delivered(.baileys, providerID: "x"))
    }

    @Test func `an unknown outcome that is no timeout is not tried again`() {
        var failover = makeFailover()
        _ = failover.start()
        #expect(failover.sent(Self.broken) == .lookUp(.baileys))
    }

    @Test func `a look-up that finds the message ends it`() {
        var failover = makeFailover()
        _ = failover.start()
        _ = failover.sent(Self.broken)
        #expect(failover.lookedUp(.sent(providerID: "x")) == .delivered(.baileys, providerID: "x"))
    }

    @Test func `a message that is still being sent is never given to another provider`() {
        var failover = makeFailover()
        _ = failover.start()
        _ = failover.sent(Self.broken)
        #expect(failover.lookedUp(.sending) == .stillSending(.baileys))
        #expect(failover.isOpen)
    }

    @Test func `a gateway that cannot be asked is passed over, and the reply marked`() {
        var failover = makeFailover()
        _ = failover.start()
        _ = failover.sent(Self.broken)
        #expect(failover.lookedUp(.unreachable) == .send(.twilio))
        #expect(failover.isUnconfirmed)
    }

    @Test func `the last provider is asked again rather than its message sent again`() {
        var failover = Failover([.init(name: .twilio, attempts: 1, keepsIDs: false)])
        _ = failover.start()
        _ = failover.sent(Self.timeout)
        guard case .retryLater = failover.lookedUp(.unreachable) else {
            Issue.record("must wait")
            return
        }
        #expect(failover.isOpen)
    }

    @Test func `a gateway that lost its memory gets the same id once more, and nobody else sends before`() {
        var failover = makeFailover()
        _ = failover.start()
        #expect(failover.sent(Self.broken) == .lookUp(.baileys))
        #expect(failover.lookedUp(.forgotten) == .send(.baileys))
        #expect(!failover.isFirstSend && !failover.isUnconfirmed)
        var other = failover
        #expect(other.sent(.sent(providerID: "x")) == .delivered(.baileys, providerID: "x"))
        // What it refuses now says nothing of what it has forgotten.
        #expect(failover.sent(Self.down) == .lookUp(.baileys))
        #expect(failover.lookedUp(.forgotten) == .send(.twilio))
        #expect(failover.isUnconfirmed)
    }

    @Test func `the only gateway that lost its memory is asked again, and sent the same id`() {
        var failover = Failover([.init(name: .baileys, attempts: 2, keepsIDs: true)])
        #expect(failover.resume(at: .baileys) == .lookUp(.baileys))
        #expect(failover.lookedUp(.forgotten) == .send(.baileys))
        #expect(failover.sent(Self.broken) == .lookUp(.baileys))
        guard case .retryLater = failover.lookedUp(.forgotten) else {
            Issue.record("must wait")
            return
        }
        #expect(failover.isOpen)
    }

    @Test func `a provider that cannot send costs no attempt`() {
        var failover = makeFailover()
        _ = failover.start()
        #expect(failover.cannotSend() == .send(.twilio))
        #expect(failover.attempts == 0)
    }

    @Test(arguments: [
        (SendRefusal.providerDown(detail: "down"), Step.retryLater(after: nil, reason: "down")),
        (.rateLimited(retryAfter: .seconds(4)), .retryLater(after: .seconds(4), reason: "rate_limited")),
        (.tooFast(retryAfter: .seconds(2), of: .pair), .retryLater(after: .seconds(2), reason: "pair_rate_limited")),
        (.channel(code: "20003"), .retryLater(after: nil, reason: "20003")),
        (.message(code: "63016"), .giveUp(code: "63016")),
        (.contact(code: "21610"), .giveUp(code: "21610")),
    ])
    func `the last provider's refusal decides`(refusal: SendRefusal, step: Step) {
        var failover = Failover([.init(name: .twilio, attempts: 1, keepsIDs: false)])
        _ = failover.start()
        #expect(failover.sent(.refused(refusal)) == step)
    }

    private static let tooFast: [(RateLimit, Duration, Bool, Step)] = [
        (.pair, .seconds(6), true, .retryLater(after: .seconds(6), reason: "pair_rate_limited")),
        (.number, .seconds(1), true, .retryLater(after: .seconds(1), reason: "number_rate_limited")),
        (.number, .seconds(10), true, .retryLater(after: .seconds(10), reason: "number_rate_limited")),
        // It does not pass in a moment, or was waited for long enough.
        (.number, .seconds(11), true, .send(.twilio)), (.pair, .seconds(60), true, .send(.twilio)),
        (.pair, .seconds(6), false, .send(.twilio)), (.number, .seconds(1), false, .send(.twilio)),
    ]

    @Test(arguments: FailoverTests.tooFast.indices)
    func `what is too fast waits for the same number, if that is for a moment`(row: Int) {
        let (limit, wait, isPatient, step) = Self.tooFast[row]
        var failover = Failover(
            [
                .init(name: .meta, attempts: 1, keepsIDs: false), .init(name: .twilio, attempts: 1, keepsIDs: false),
            ], isPatient: isPatient)
        _ = failover.start()
        #expect(failover.sent(.refused(.tooFast(retryAfter: wait, of: limit))) == step)
        #expect(failover.isPaced == (step != .send(.twilio)) && !failover.isOpen)
    }

    @Test(arguments: [true, false])
    func `a number that was too fast a moment ago is not sent through`(isPatient: Bool) {
        var failover = Failover(
            [
                .init(name: .meta, attempts: 1, keepsIDs: false), .init(name: .twilio, attempts: 1, keepsIDs: false),
            ], isPatient: isPatient)
        _ = failover.start()
        let step = failover.paced(for: .seconds(2))
        #expect(
            step == (isPatient ? .retryLater(after: .seconds(2), reason: "number_rate_limited") : .send(.twilio)))
        #expect(failover.attempts == 0)
    }

    @Test func `a repeat that is too fast says nothing of the send before, which is asked about first`() {
        var failover = Failover([.init(name: .baileys, attempts: 2, keepsIDs: true)], isPatient: true)
        _ = failover.start()
        _ = failover.sent(Self.timeout)
        #expect(failover.sent(.refused(.tooFast(retryAfter: .seconds(2), of: .pair))) == .lookUp(.baileys))
        #expect(
            failover.lookedUp(.notSent) == .retryLater(after: .seconds(2), reason: "pair_rate_limited"))
    }

    @Test func `a message one provider refuses may pass later through one that was down`() {
        var failover = makeFailover()
        _ = failover.start()
        #expect(failover.sent(Self.down) == .send(.twilio))
        #expect(failover.sent(.refused(.message(code: "63016"))) == .retryLater(after: nil, reason: "63016"))
    }

    @Test func `without a provider there is nothing to wait for`() {
        var failover = Failover([])
        #expect(failover.start() == .giveUp(code: "no_provider"))
    }

    @Test func `a taken-over send that did not happen goes through the same provider, under the same id`() {
        var failover = makeFailover()
        #expect(failover.resume(at: .baileys) == .lookUp(.baileys))
        #expect(failover.lookedUp(.notSent) == .send(.baileys))
        #expect(failover.isFirstSend)
        #expect(failover.sent(Self.broken) == .lookUp(.baileys))
        #expect(failover.lookedUp(.notSent) == .send(.twilio))
    }

    @Test func `a taken-over send through the second provider does not go back to the first after a success`() {
        var failover = makeFailover()
        #expect(failover.resume(at: .twilio) == .lookUp(.twilio))
        #expect(failover.lookedUp(.sent(providerID: "SM")) == .delivered(.twilio, providerID: "SM"))
    }

    @Test func `a provider that keeps no ids and cannot be asked is asked again before anybody sends`() {
        var failover = Failover([
            .init(name: .twilio, attempts: 1, keepsIDs: false), .init(name: .baileys, attempts: 2, keepsIDs: true),
        ])
        _ = failover.start()
        #expect(failover.sent(Self.timeout) == .lookUp(.twilio))
        guard case .retryLater = failover.lookedUp(.unreachable) else {
            Issue.record("must wait")
            return
        }
        #expect(failover.isOpen)
    }

    @Test func `a begun send through a provider that is gone goes on, marked`() {
        var failover = makeFailover()
        #expect(failover.resume(at: .meta) == .send(.baileys))
        #expect(failover.isUnconfirmed)
    }
}
