import Native
import Testing

@testable import Shared

@Suite("Look-ups of businesses nobody has heard of")
struct LookUpBudgetTests {
    private let start = MonotonicInstant(nanoseconds: 1_000_000_000_000)

    /// Which of the names may be asked for, each so many milliseconds after the start.
    private func taken(_ budget: inout LookUpBudget, _ asked: [(String, Int)]) -> [Bool] {
        asked.map { budget.take($0, now: start + .milliseconds($1)) }
    }

    @Test func `a few in any one second, whoever is asked for`() {
        var budget = LookUpBudget(perSecond: 2)
        let answers = taken(&budget, [("a", 0), ("b", 900), ("c", 950), ("a", 999), ("c", 1000)])
        #expect(answers == [true, true, false, false, true])
    }

    @Test func `what was not there is not asked for again at once, and costs nothing`() {
        var budget = LookUpBudget(perSecond: 1, absence: .seconds(5))
        budget.noteAbsent("a", now: start)
        let first = taken(&budget, [("a", 2000), ("b", 2000)])
        budget.noteAbsent("b", now: start + .seconds(2))
        let later = taken(&budget, [("a", 4999), ("a", 5000), ("b", 6000), ("b", 7000)])
        #expect(first == [false, true] && later == [false, true, false, true])
    }
}
