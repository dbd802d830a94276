import Native
import Shared
import TestSupport
import Testing

@testable import Worker

@Suite("Delivery", .onLoop)
@LoopActor struct DeliveryTests {
    /// A provider in the middle of a send that it has not ended.
    private struct Busy: Provider {
        let name = ProviderName.baileys
        let attempts = 1
        let keepsIDs = true

        func reaches(_ message: OutboundMessage) -> Bool { true }
        func canSend(for business: Business) async -> Bool { true }
        func send(_ message: OutboundMessage) async -> SendOutcome { .refused(.contact(code: "not asked for")) }
        func lookUp(_ message: OutboundMessage, since: WallTime) async -> LookUp { .sending }
    }

    /// What becomes of a text whose send another worker began so long ago.
    private func delivery(begunBefore age: Duration) async throws -> Delivery.Result {
        let since = WallTime(milliseconds: WallTime.now().milliseconds - Int64(age.milliseconds))
        let begun = SendStep(state: .sending, provider: .baileys, since: since)
        let checkpoint = Checkpoint([SendStep.name(.text, part: 0): begun.text], leaseDeadline: { nil }) {
            _ throws(QueueError) in throw .rejected("nothing is to be recorded")
        }
        let delivery = Delivery(
            providers: [.baileys: Busy()], metrics: SendMetrics(Metrics()), log: Log(level: .error))
        let message = OutboundMessage(
            business: Business(id: "business", name: ""), addresses: [], text: "text", id: "3EB0")
        return try await delivery.deliver(message, kind: .text, part: 0, order: [.baileys], checkpoint: checkpoint)
    }

    /// A gateway whose question for its state is cancelled on the way.
    private struct Asked: Provider {
        let name = ProviderName.baileys
        let attempts = 1
        let keepsIDs = true
        let question: OneShot<Void>

        func reaches(_ message: OutboundMessage) -> Bool { true }
        func canSend(for business: Business) async -> Bool {
            question.resolve(())
            try? await LoopActor.loop.sleep(for: .seconds(3600))
            return false
        }
        func send(_ message: OutboundMessage) async -> SendOutcome { .refused(.contact(code: "not asked for")) }
        func lookUp(_ message: OutboundMessage, since: WallTime) async -> LookUp { .sending }
    }

    @Test func `a delivery that is cancelled while it asks whether it can send is no failed attempt`() async throws {
        let question = OneShot<Void>()
        let delivery = Delivery(
            providers: [.baileys: Asked(question: question)], metrics: SendMetrics(Metrics()), log: Log(level: .error))
        let message = OutboundMessage(
            business: Business(id: "business", name: ""), addresses: [], text: "text", id: "3EB0")
        let delivering = LoopActor.loop.spawn {
            let checkpoint = Checkpoint([:], leaseDeadline: { .now() + .seconds(60) }) { _ throws(QueueError) in }
            return try await delivery.deliver(message, kind: .text, part: 0, order: [.baileys], checkpoint: checkpoint)
        }
        try await question.value
        delivering.cancel()
        await #expect(throws: LeaseLost.self) { try await delivering.value }
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
}
