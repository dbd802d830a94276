import Native
import TestSupport
import Testing

@Suite("Timers", .onLoop, .serialized, .timeLimit(.minutes(1)))
@LoopActor struct TimerTests {
    let loop = LoopActor.loop

    @Test func `a timer that is due before the loop waits fires without any other event`() async throws {
        for microseconds in 0..<200 { try await loop.sleep(for: .microseconds(microseconds * 10)) }
    }

    @Test func `100,000 timers fire in the order of their deadlines`() async throws {
        let fired = FiredTimers(expected: 100_000)
        var random = SplitMix(seed: 7)
        for _ in 0..<100_000 {
            let delay = Duration.microseconds(Int64(random.next() % 50_000))
            let due = MonotonicInstant.now() + delay
            loop.after(delay) { fired.add(due) }
        }
        _ = try await fired.all.value
        // The deadline that counts is taken an instant after ours, so neighbours of less than a millisecond may swap.
        let lateness = zip(fired.dues, fired.dues.dropFirst()).map { $0 - $1 }
        #expect(lateness.allSatisfy { $0 < .milliseconds(1) })
    }

    @Test func `a cancelled timer is forgotten and does not fire`() async throws {
        // Other suites use the same loop, but not between two awaits of ours.
        let before = loop.timerCount
        var fired = 0
        let timers = (0..<1000).map { _ in loop.after(.milliseconds(2)) { fired += 1 } }
        #expect(loop.timerCount == before + 1000)
        for timer in timers { loop.cancel(timer) }
        #expect(loop.timerCount == before)
        try await loop.sleep(for: .milliseconds(5))
        #expect(fired == 0)
    }
}

@LoopActor private final class FiredTimers {
    let expected: Int
    let all = OneShot<Bool>()
    var dues: [MonotonicInstant] = []

    init(expected: Int) { self.expected = expected }

    func add(_ due: MonotonicInstant) {
        dues.append(due)
        if dues.count == expected { all.resolve(true) }
    }
}
