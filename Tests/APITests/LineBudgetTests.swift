import Native
import Testing

@testable import API

@Suite("Line budget") struct LineBudgetTests {
    @Test func `so many lines a second, and the next one counts those that were passed over`() {
        var budget = LineBudget(perSecond: 2)
        func take(_ milliseconds: UInt64) -> Int? {
            budget.take(now: MonotonicInstant(nanoseconds: milliseconds * 1_000_000))
        }
        #expect((0..<5).map { take(5000 + $0) } == [0, 0, nil, nil, nil])
        #expect([take(6000), take(6001), take(6999)] == [3, 0, nil])
        #expect(take(9000) == 1)
    }
}
