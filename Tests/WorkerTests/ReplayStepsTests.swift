import Native
import Shared
import TestSupport
import Testing

@testable import Worker

@Suite("Steps of a replay", .onLoop)
@LoopActor struct ReplayStepsTests {
    private func send(_ state: SendStep.State, _ provider: ProviderName = .baileys) -> String {
        SendStep(state: state, provider: provider, since: WallTime(milliseconds: 1_000)).text
    }

    @Test func `what went out, or may have, and an answer that was not sent stay`() {
        let steps = [
            "reply": "Yes.", "follow_up": "Later.", "send.apology.0": send(.sent), "send.fallback.0": send(.sending),
            "send.text.0": send(.sent), "send.text.1": send(.refused), "send.follow_up.0": send(.refused),
        ]
        #expect(ReplaySteps.kept(of: steps) == steps)
    }

    @Test func `a send that its provider cannot be asked about is made again`() {
        let open = ["send.text.0": send(.sending, .meta), "send.apology.0": send(.sending, .meta)]
        let others = ["send.text.1": send(.sending, .twilio), "send.text.2": send(.sent, .meta)]
        #expect(ReplaySteps.kept(of: open.merging(others) { $1 }) == others)
    }

    @Test func `the verdict goes, and so do the mark of the replay before and stop-gaps that reached nobody`() {
        let steps = [
            "failed": "ai: 400", "replayed": "1", "crashed": "SIGSEGV", "send.apology.0": send(.refused),
            "send.fallback.0": send(.refused),
        ]
        #expect(ReplaySteps.kept(of: steps) == [:])
    }
}
