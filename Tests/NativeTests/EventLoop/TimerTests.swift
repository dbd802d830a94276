import Native
import TestSupport
import Testing

@Suite("Timers", .onLoop, .serialized, .timeLimit(.minutes(1)))
@LoopActor struct TimerTests {
    let loop = LoopActor.loop

    @Test func `a timer that is due before the loop waits fires without any other event`() async throws {
        for microseconds in 0..<200 { try await loop.sleep(for: .microseconds(microseconds * 10)) }
    }
}
