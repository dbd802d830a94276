import Native
import Shared
import TestSupport
import Testing

@testable import Worker

@Suite("Delivery", .onLoop)
@LoopActor struct DeliveryTests {
    /// A provider that does what the test says, and counts what it is asked for.
    private final class Scripted: Provider {
        let name: ProviderName
        let attempts: Int
        let keepsIDs = true
        var acknowledgesLater = false
        /// What is told of a message that it took, and of which ones it was asked.
        var acknowledged = SentState.told(.sent), asked: [String] = []
        var abilities = 0, sends = 0, lookUps = 0
        var ability: @LoopActor () async -> SendAbility = { .able }
        var outcome: @LoopActor () async -> SendOutcome = { .sent(providerID: "X") }
        var found = LookUp.notSent

        init(_ name: ProviderName = .baileys, attempts: Int = 1) {
            self.name = name
            self.attempts = attempts
        }

        func reaches(_ message: OutboundMessage) -> Bool { true }
        func ability(of business: Business) async -> SendAbility {
            abilities += 1
            return await ability()
        }
        func send(_ message: OutboundMessage) async -> SendOutcome {
            sends += 1
            return await outcome()
        }
        func lookUp(_ message: OutboundMessage, since: WallTime) async -> LookUp {
            lookUps += 1
            return found
        }
        func acknowledgement(of message: SentMessage, patience: Duration) async -> SentState {
            asked.append(message.providerID)
            return acknowledged
        }
    }

    private static let message = OutboundMessage(
        business: Business(id: "business", name: ""), addresses: [], text: "text", id: "3EB0")

    /// Circuits that no other worker shares: this Redis is never connected to.
    private let circuits = SharedCircuits(
        redis: RedisClient(address: RedisAddress(endpoint: .unix(path: "/nowhere"), password: nil)),
        metrics: Metrics(), log: Log(level: .error, write: { _ in }))

    private let pacing = SharedPacing(
        redis: RedisClient(address: RedisAddress(endpoint: .unix(path: "/nowhere"), password: nil)))

    private func deliver(
        _ providers: [Scripted], age: Duration = .zero, earlier: SendStep? = nil,
        taken: @escaping @LoopActor (Speech) -> Handover? = { _ in nil },
        record: @escaping @LoopActor ([String: String]) -> Void = { _ in }
    ) async throws(LeaseLost) -> Delivery.Result {
        let steps = earlier.map { [SendStep.name(.text, part: 0): $0.text] } ?? [:]
        let checkpoint = Checkpoint(steps, leaseDeadline: { .now() + .seconds(60) }) {
            steps, speech throws(QueueError) in
            if let handover = speech.flatMap(taken) { return handover }
            record(steps)
            return nil
        }
        let delivery = Delivery(
            providers: Dictionary(uniqueKeysWithValues: providers.map { ($0.name, $0) }), circuits: circuits,
            pacing: pacing, metrics: SendMetrics(Metrics()), log: Log(level: .error, write: { _ in }),
            longestSend: .seconds(60))
        return try await delivery.deliver(
            Self.message, kind: .text, part: 0, order: providers.map(\.name), age: age, asks: true,
            checkpoint: checkpoint)
    }

    // MARK: A person takes over

    private static let handover = Handover(cause: .phone, left: nil)

    @Test func `a person who has taken the conversation meanwhile is not spoken over`() async throws {
        let provider = Scripted()
        let result = try await deliver(
            [provider], taken: { $0.asks ? Self.handover : nil },
            record: { Issue.record("nothing is to be recorded: \($0)") })
        #expect(result == .silenced(Self.handover))
        #expect(provider.abilities == 1 && provider.sends == 0)
    }

    @Test func `also one who takes it while a provider refuses the text`() async throws {
        let refusing = Scripted(), other = Scripted(.twilio)
        refusing.outcome = { .refused(.providerDown(detail: "500")) }
        var asked = 0, steps: [SendStep] = []
        let result = try await deliver(
            [refusing, other],
            taken: { _ in
                asked += 1
                return asked == 2 ? Self.handover : nil
            }, record: { $0.values.compactMap { SendStep($0) }.forEach { steps.append($0) } })
        #expect(result == .silenced(Self.handover))
        #expect(refusing.sends == 1 && other.sends == 0)
        // Nobody is to ask what became of it.
        #expect(steps.map(\.state) == [.sending, .refused])
    }

    @Test func `a text that may be out already is sent to its end`() async throws {
        let silent = Scripted(), other = Scripted(.twilio)
        silent.outcome = { .unknown(detail: "broken", isTimeout: false) }
        silent.found = .unreachable
        var asks: [Bool] = []
        let result = try await deliver(
            [silent, other],
            taken: {
                asks.append($0.asks)
                return $0.asks && asks.count > 1 ? Self.handover : nil
            })
        guard case .delivered(let step) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(step.provider == .twilio && step.isUnconfirmed && asks == [true, false])
    }

    /// Not when it began and how long it took: the question before it is part of that, and rows of texts that follow each
    /// other would change places.
    @Test func `a text is said to be sent when it was`() async throws {
        let slow = Scripted()
        slow.ability = {
            try? await LoopActor.loop.sleep(for: .milliseconds(30))
            return .able
        }
        guard case .delivered(let step) = try await deliver([slow]) else {
            Issue.record("it was not delivered")
            return
        }
        let sentAt = try #require(step.sentAt)
        #expect(step.since <= sentAt && sentAt <= .now())
        #expect(SendStep(step.text)?.sentAt == sentAt)
    }

    // MARK: What another worker began

    /// What becomes of a text whose send another worker began so long ago, through a gateway that is still busy with it.
    private func delivery(begunBefore age: Duration) async throws -> Delivery.Result {
        let since = WallTime(milliseconds: WallTime.now().milliseconds - Int64(age.milliseconds))
        let busy = Scripted()
        busy.found = .sending
        let result = try await deliver(
            [busy], earlier: SendStep(state: .sending, provider: .baileys, since: since),
            record: { Issue.record("nothing is to be recorded: \($0)") })
        #expect(busy.sends == 0)
        return result
    }

    @Test func `a send that another worker began and that has not ended is waited for without an attempt`() async throws
    {
        let result = try await delivery(begunBefore: .seconds(1))
        #expect(
            result == .retryLater(after: .seconds(2), reason: "baileys is still sending", refund: true))
    }

    @Test func `a send that does not end is not waited for without end`() async throws {
        guard case .retryLater(_, _, refund: false) = try await delivery(begunBefore: .seconds(120)) else {
            Issue.record("the wait must cost attempts")
            return
        }
    }

    @Test(arguments: [(59, false), (61, true)])
    func `what WhatsApp has not acknowledged for a minute goes out another way, marked`(
        seconds: Int, goesOn: Bool
    ) async throws {
        let gateway = Scripted(), other = Scripted(.twilio)
        gateway.found = .sending
        let since = WallTime(milliseconds: WallTime.now().milliseconds - Int64(seconds) * 1000)
        var states: [SendStep] = []
        let result = try await deliver(
            [gateway, other], earlier: SendStep(state: .sending, provider: .baileys, since: since),
            record: { steps in states += steps.values.compactMap { SendStep($0) } })
        #expect(gateway.sends == 0 && other.sends == (goesOn ? 1 : 0))
        guard goesOn else {
            #expect(result == .retryLater(after: .seconds(2), reason: "baileys is still sending", refund: true))
            return
        }
        guard case .delivered(let step) = result else {
            Issue.record("the other one sends")
            return
        }
        #expect(step.provider == .twilio && step.isUnconfirmed)
        // Recorded before it is made, so that whoever takes over asks the second one.
        #expect(states.map(\.state) == [.sending, .sent] && states.allSatisfy { $0.provider == .twilio })
    }

    @Test func `what was passed over unasked stays marked, also when nobody else can send now`() async throws {
        let gateway = Scripted(), other = Scripted(.twilio)
        gateway.found = .unreachable
        other.ability = { .unable }
        var states: [SendStep] = []
        let begun = SendStep(state: .sending, provider: .baileys, since: .now())
        _ = try await deliver(
            [gateway, other], earlier: begun, record: { states += $0.values.compactMap { SendStep($0) } })
        #expect(states.map(\.state) == [.refused] && states.allSatisfy(\.isUnconfirmed))
        other.ability = { .able }
        gateway.ability = { .unable }
        guard case .delivered(let step) = try await deliver([gateway, other], earlier: states.last) else {
            Issue.record("the other one sends")
            return
        }
        #expect(step.isUnconfirmed)
    }

    @Test func `a delivery that is cancelled while it asks whether it can send is no failed attempt`() async throws {
        let question = OneShot<Void>(), asked = Scripted()
        asked.ability = {
            question.resolve(())
            try? await LoopActor.loop.sleep(for: .seconds(3600))
            return .unable
        }
        let delivering = LoopActor.loop.spawn { try await self.deliver([asked]) }
        try await question.value
        delivering.cancel()
        await #expect(throws: LeaseLost.self) { try await delivering.value }
        #expect(asked.sends == 0)
    }

    // MARK: A gateway that takes a send before WhatsApp has it

    private func taken(before age: Duration) -> SendStep {
        let since = WallTime(milliseconds: WallTime.now().milliseconds - Int64(age.milliseconds))
        return SendStep(state: .sending, provider: .evolution, since: since, providerID: "E1")
    }

    /// Evolution, which says this of what it took, and somebody else.
    private func evolution(_ state: SentState) -> (Scripted, Scripted) {
        let gateway = Scripted(.evolution)
        gateway.acknowledgesLater = true
        gateway.outcome = { .sent(providerID: "E1") }
        gateway.acknowledged = state
        return (gateway, Scripted(.twilio))
    }

    @Test func `what it took is recorded before it is asked about, and sent once WhatsApp has it`() async throws {
        let (gateway, other) = evolution(.told(.delivered))
        var states: [SendStep] = []
        let result = try await deliver([gateway, other], record: { states += $0.values.compactMap { SendStep($0) } })
        guard case .delivered(let step) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(step.provider == .evolution && step.providerID == "E1" && !step.isUnconfirmed)
        #expect(states.map(\.state) == [.sending, .sending, .sent] && states.map(\.providerID) == [nil, "E1", "E1"])
        #expect(gateway.asked == ["E1"] && gateway.sends == 1 && other.sends == 0)
    }

    @Test func `a gateway that tells nothing of messages is believed`() async throws {
        let (gateway, other) = evolution(.untold)
        guard case .delivered(let step) = try await deliver([gateway, other]) else {
            Issue.record("it took it")
            return
        }
        #expect(step.provider == .evolution && !step.isUnconfirmed && other.sends == 0)
    }

    @Test(arguments: [SentState.pending, .unreachable])
    func `until a minute has passed nobody else sends, and the wait is no attempt`(state: SentState) async throws {
        let (gateway, other) = evolution(state)
        let result = try await deliver([gateway, other], earlier: taken(before: .seconds(59)))
        #expect(result == .retryLater(after: .seconds(2), reason: "evolution is still sending", refund: true))
        #expect(gateway.sends == 0 && gateway.lookUps == 0 && other.sends == 0)
    }

    @Test func `what WhatsApp has not acknowledged for a minute goes out another way once, marked`() async throws {
        let (gateway, other) = evolution(.pending)
        var states: [SendStep] = []
        let result = try await deliver(
            [gateway, other], earlier: taken(before: .seconds(61)),
            record: { states += $0.values.compactMap { SendStep($0) } })
        guard case .delivered(let step) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(step.provider == .twilio && step.isUnconfirmed && other.sends == 1 && gateway.sends == 0)
        #expect(states.map(\.provider) == [.twilio, .twilio] && states[0].passed == .evolution)
    }

    @Test(arguments: [SentState.unreachable, .rateLimited])
    func `who took it and cannot be asked after a minute is believed`(state: SentState) async throws {
        let (gateway, other) = evolution(state)
        guard case .delivered(let step) = try await deliver([gateway, other], earlier: taken(before: .seconds(61)))
        else {
            Issue.record("it took it")
            return
        }
        #expect(step.provider == .evolution && other.sends == 0)
    }

    @Test func `what WhatsApp refused goes out another way at once, and is known not to be out`() async throws {
        let (gateway, other) = evolution(.told(.failed, error: "evolution_error"))
        guard case .delivered(let step) = try await deliver([gateway, other]) else {
            Issue.record("the other one sends")
            return
        }
        #expect(step.provider == .twilio && !step.isUnconfirmed)
        other.ability = { .unable }
        var states: [SendStep] = []
        _ = try await deliver([gateway, other], record: { states += $0.values.compactMap { SendStep($0) } })
        #expect(states.last?.state == .refused)
        let sends = gateway.sends
        _ = try await deliver([gateway, other], earlier: states.last)
        #expect(gateway.sends == sends)
        // An operator may try it again.
        let alone = try await deliver([gateway], record: { states += $0.values.compactMap { SendStep($0) } })
        #expect(states.last?.state == .refused && states.last?.passed == nil)
        #expect(alone == .giveUp(code: "evolution_error"))
    }

    @Test func `nobody sends through the one that took it again, whatever the others do`() async throws {
        let (gateway, other) = evolution(.pending)
        other.ability = { .unable }
        var states: [SendStep] = []
        let waiting = try await deliver(
            [gateway, other], earlier: taken(before: .seconds(61)),
            record: { states += $0.values.compactMap { SendStep($0) } })
        guard case .retryLater = waiting, let left = states.last else {
            Issue.record("\(waiting)")
            return
        }
        // The one that took it is asked again before anybody sends.
        #expect(left.state == .sending && left.provider == .evolution && left.providerID == "E1" && left.isUnconfirmed)
        gateway.acknowledged = .told(.read)
        guard case .delivered(let step) = try await deliver([gateway, other], earlier: left) else {
            Issue.record("WhatsApp has it")
            return
        }
        #expect(step.provider == .evolution && step.since == left.since)
        // A worker that died while the other one sent.
        let begun = SendStep(state: .sending, provider: .twilio, since: .now(), isUnconfirmed: true, passed: .evolution)
        other.ability = { .able }
        other.outcome = { .refused(.providerDown(detail: "down")) }
        guard case .retryLater = try await deliver([gateway, other], earlier: SendStep(begun.text)) else {
            Issue.record("the other one is down")
            return
        }
        #expect(gateway.sends == 0)
    }

    @Test func `what nobody else will ever take counts as sent by who took it`() async throws {
        let (gateway, other) = evolution(.pending)
        other.outcome = { .refused(.message(code: "63016")) }
        guard case .delivered(let step) = try await deliver([gateway, other], earlier: taken(before: .seconds(61)))
        else {
            Issue.record("the gateway took it")
            return
        }
        #expect(step.provider == .evolution && step.providerID == "E1" && gateway.sends == 0)
    }

    // MARK: Limits

    /// Nothing was sent: it comes back after so long, without an attempt.
    private func expectPaced(_ result: Delivery.Result, after wait: Duration, _ reason: String) {
        guard case .retryLater(let after?, reason, refund: true) = result else {
            Issue.record("\(result)")
            return
        }
        // Those who wait do not come back all at once.
        #expect(after > wait - .milliseconds(500) && after <= wait + .seconds(1))
    }

    @Test func `a number that is too fast is left alone by every conversation for that time`() async throws {
        let number = Scripted(.meta), other = Scripted(.twilio)
        number.outcome = { .refused(.tooFast(retryAfter: .seconds(5), of: .number)) }
        expectPaced(try await deliver([number, other]), after: .seconds(5), "number_rate_limited")
        expectPaced(try await deliver([number, other]), after: .seconds(5), "number_rate_limited")
        #expect(number.sends == 1 && other.sends == 0 && circuits.openCounts.isEmpty)
    }

    @Test func `a contact that got too much is waited for, and the others are not`() async throws {
        let number = Scripted(.meta), other = Scripted(.twilio)
        number.outcome = { .refused(.tooFast(retryAfter: .seconds(6), of: .pair)) }
        expectPaced(try await deliver([number, other]), after: .seconds(6), "pair_rate_limited")
        _ = try await deliver([number, other])
        #expect(number.sends == 2 && other.sends == 0)
    }

    @Test func `who has waited long enough goes out through another number`() async throws {
        let number = Scripted(.meta), other = Scripted(.twilio)
        number.outcome = { .refused(.tooFast(retryAfter: .seconds(5), of: .number)) }
        for _ in 0..<2 {
            guard case .delivered(let step) = try await deliver([number, other], age: .seconds(16)) else {
                Issue.record("the other one sends")
                return
            }
            #expect(step.provider == .twilio)
        }
        #expect(number.sends == 1)
        guard case .retryLater(_, _, refund: false) = try await deliver([number], age: .seconds(16)) else {
            Issue.record("an old job's attempts count")
            return
        }
    }

    // MARK: Circuits

    private static let timeout = SendOutcome.unknown(detail: "timeout", isTimeout: true)

    /// Sends through both until the first one's circuit is open; it fails in this way each time.
    private func open(_ gateway: Scripted, _ other: Scripted) async throws {
        for _ in 0..<5 {
            guard case .delivered(let step) = try await deliver([gateway, other]) else {
                Issue.record("the other one sends")
                return
            }
            #expect(step.provider == other.name)
        }
        #expect(circuits.openCounts == [gateway.name: 1])
    }

    @Test func `after five failures in a row the provider is passed over without a call`() async throws {
        let gateway = Scripted(), other = Scripted(.twilio)
        gateway.outcome = { .unknown(detail: "broken", isTimeout: false) }
        try await open(gateway, other)
        #expect(gateway.sends == 5 && gateway.lookUps == 5)
        for _ in 0..<3 { _ = try await deliver([gateway, other]) }
        #expect(gateway.abilities == 5 && gateway.sends == 5 && gateway.lookUps == 5 && other.sends == 8)
    }

    @Test func `a gateway that does not tell its state fails; one that says it cannot send does not`() async throws {
        let silent = Scripted(), unable = Scripted(.waha), other = Scripted(.twilio)
        silent.ability = { .silent }
        try await open(silent, other)
        #expect(silent.sends == 0)
        unable.ability = { .unable }
        for _ in 0..<20 { _ = try await deliver([unable, other]) }
        #expect(unable.abilities == 20 && circuits.openCounts == [.baileys: 1])
    }

    @Test(arguments: [
        SendRefusal.unable(detail: "409"), .rateLimited(retryAfter: .seconds(1)), .message(code: "63016"),
        .contact(code: "21610"),
    ])
    func `a refusal that concerns one message or the moment opens nothing`(refusal: SendRefusal) async throws {
        let gateway = Scripted()
        gateway.outcome = { .refused(refusal) }
        for _ in 0..<20 { _ = try await deliver([gateway]) }
        #expect(gateway.sends == 20 && circuits.openCounts.isEmpty)
    }

    @Test func `an account that is refused opens at once`() async throws {
        let gateway = Scripted()
        gateway.outcome = { .refused(.channel(code: "190")) }
        for _ in 0..<2 { _ = try await deliver([gateway]) }
        #expect(gateway.sends == 1 && circuits.openCounts == [.baileys: 1])
    }

    @Test func `while all are open the job comes back when one may be tried again, without an attempt`() async throws {
        let gateway = Scripted(), other = Scripted(.twilio)
        gateway.outcome = { .refused(.providerDown(detail: "down")) }
        other.outcome = gateway.outcome
        for _ in 0..<5 { _ = try await deliver([gateway, other]) }
        #expect(gateway.sends == 5 && other.sends == 5)
        guard case .retryLater(let wait?, let reason, let refund) = try await deliver([gateway, other]) else {
            Issue.record("must come back")
            return
        }
        #expect(wait > .seconds(20) && wait <= .seconds(31) && reason == "circuit_open" && refund)
        #expect(gateway.sends == 5 && other.sends == 5)
        // An outage without end must not keep the job for ever.
        guard case .retryLater(_, _, refund: false) = try await deliver([gateway, other], age: .seconds(601)) else {
            Issue.record("an old job's attempts count")
            return
        }
    }

    @Test func `a timeout that opens the circuit is not tried again, but asked about`() async throws {
        let gateway = Scripted(attempts: 2), other = Scripted(.twilio)
        gateway.outcome = { Self.timeout }
        for _ in 0..<2 { _ = try await deliver([gateway, other]) }
        #expect(gateway.sends == 4 && gateway.lookUps == 2)
        _ = try await deliver([gateway, other])
        #expect(gateway.sends == 5 && gateway.lookUps == 3 && other.sends == 3)
    }

    @Test func `a send that was begun is asked about although the circuit is open`() async throws {
        let gateway = Scripted(), other = Scripted(.twilio)
        gateway.outcome = { .unknown(detail: "broken", isTimeout: false) }
        try await open(gateway, other)
        gateway.found = .sent(providerID: "found")
        let begun = SendStep(state: .sending, provider: .baileys, since: .now())
        guard case .delivered(let step) = try await deliver([gateway, other], earlier: begun) else {
            Issue.record("it was sent")
            return
        }
        #expect(step.providerID == "found" && gateway.lookUps == 6 && gateway.sends == 5)
    }
}
