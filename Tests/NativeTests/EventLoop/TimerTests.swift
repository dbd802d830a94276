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
            let earliest = MonotonicInstant.now() + delay
            let due = Due(earliest: earliest)
            loop.after(delay) { fired.add(due) }
            due.latest = MonotonicInstant.now() + delay
        }
        _ = try await fired.all.value
        var latestSoFar = MonotonicInstant(nanoseconds: 0)
        for due in fired.dues {
            latestSoFar = max(latestSoFar, due.earliest)
            guard latestSoFar > due.latest else { continue }
            Issue.record("a timer of \(due.latest) fired after one of \(latestSoFar)")
            break
        }
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

/// Between which instants a timer's deadline lies: it is taken inside `after`.
@LoopActor private final class Due {
    let earliest: MonotonicInstant
    var latest: MonotonicInstant

    init(earliest: MonotonicInstant) {
        self.earliest = earliest
        latest = earliest
    }
}

@LoopActor private final class FiredTimers {
    let expected: Int
    let all = OneShot<Bool>()
    var dues: [Due] = []

    init(expected: Int) { self.expected = expected }

    func add(_ due: Due) {
        dues.append(due)
        if dues.count == expected { all.resolve(true) }
    }
}
