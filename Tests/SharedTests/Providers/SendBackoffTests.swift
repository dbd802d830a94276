import Testing

@testable import Shared

@Suite("Repeats inside one send")
struct SendBackoffTests {
    private func wait(
        _ tries: Int = 1, asked: Duration? = nil, elapsed: Duration = .zero, random: Double = 0
    ) -> Duration? {
        SendBackoff.wait(after: tries, asked: asked, elapsed: elapsed, random: random)
    }

    @Test func `there are three tries, with longer and longer waits, spread`() {
        #expect(wait(1) == .milliseconds(250) && wait(1, random: 1) == .milliseconds(500))
        #expect(wait(2) == .milliseconds(500) && wait(2, random: 1) == .seconds(1))
        #expect(wait(3) == nil)
    }

    @Test func `what the provider asks for is the least there is, and too much of it ends the send`() {
        #expect(wait(asked: .seconds(3)) == .seconds(3))
        #expect(wait(asked: .zero) == .milliseconds(250))
        #expect(wait(asked: .seconds(5)) == .seconds(5))
        #expect(wait(asked: .seconds(6)) == nil)
    }

    @Test func `no try is begun for which the send has no time left`() {
        #expect(wait(asked: .seconds(3), elapsed: .seconds(10)) == .seconds(3))
        #expect(wait(asked: .seconds(3), elapsed: .milliseconds(10_001)) == nil)
        #expect(wait(elapsed: .seconds(14)) == nil)
    }
}
