import Native
import Testing

@testable import Shared

@Suite("Look-ups of businesses nobody has heard of")
struct LookUpBudgetTests {
    private let start = MonotonicInstant(nanoseconds: 1_000_000_000_000)

    @Test func `a few in any one second, whoever is asked for`() {
        var budget = LookUpBudget(perSecond: 2)
        #expect(budget.take("a", now: start) && budget.take("b", now: start + .milliseconds(900)))
        #expect(
            !budget.take("c", now: start + .milliseconds(950)) && !budget.take("a", now: start + .milliseconds(999)))
        #expect(budget.take("c", now: start + .seconds(1)))
    }

    @Test func `what was not there is not asked for again at once, and costs nothing`() {
        var budget = LookUpBudget(perSecond: 1, absence: .seconds(5))
        #expect(budget.take("a", now: start))
        budget.noteAbsent("a", now: start)
        #expect(!budget.take("a", now: start + .seconds(2)) && budget.take("b", now: start + .seconds(2)))
        budget.noteAbsent("b", now: start + .seconds(2))
        #expect(!budget.take("a", now: start + .milliseconds(4999)) && budget.take("a", now: start + .seconds(5)))
        #expect(!budget.take("b", now: start + .seconds(6)) && budget.take("b", now: start + .seconds(7)))
    }
}
