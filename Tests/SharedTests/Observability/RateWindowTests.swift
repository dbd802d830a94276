import Native
import Shared
import Testing

@Suite("Rate over a window")
struct RateWindowTests {
    private func at(_ seconds: Int) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: UInt64(1000 + seconds) * 1_000_000_000)
    }

    private func rate(_ totals: [(second: Int, total: Int)]) -> Double {
        var window = RateWindow(length: .seconds(10))
        for (second, total) in totals { window.note(total, at: at(second)) }
        return window.perSecond
    }

    @Test func `before the second look there is no rate`() {
        #expect(rate([]) == 0)
        #expect(rate([(0, 50)]) == 0)
        #expect(rate([(0, 50), (0, 60)]) == 0)
    }

    @Test func `it is what was added, over the time looked at`() {
        #expect(rate([(0, 50), (2, 54)]) == 2)
        #expect(rate([(0, 0), (2, 4), (4, 4), (6, 12)]) == 2)
    }

    @Test func `what is older than the window is forgotten`() {
        #expect(rate([(0, 0), (2, 1000), (12, 1000), (14, 1020)]) == 20.0 / 12)
        #expect(rate((0...50).map { ($0 * 2, $0 < 20 ? 0 : ($0 - 20) * 6) }) == 3)
    }

    @Test func `after a quiet time it is zero`() {
        #expect(rate([(0, 0), (2, 10)] + (2...8).map { ($0 * 2, 10) }) == 0)
    }
}
