import Testing

@testable import CLI

@Suite("Latencies")
struct LatenciesTests {
    @Test func `a quantile is the least time that so many did not exceed`() {
        var latencies = Latencies()
        #expect(latencies.quantile(0.5) == nil)
        for time in [30, 10, 20, 40] { latencies.add(.milliseconds(time)) }
        #expect(latencies.quantile(0.5) == .milliseconds(20))
        #expect(latencies.quantile(0.75) == .milliseconds(30))
        #expect(latencies.quantile(0.99) == .milliseconds(40))
        #expect(latencies.quantile(1) == .milliseconds(40))
        #expect(latencies.count == 4)
    }
}
