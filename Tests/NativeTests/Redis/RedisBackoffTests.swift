import Testing

@testable import Native

@Suite("Redis backoff")
struct RedisBackoffTests {
    @Test func `waits double up to the limit`() {
        var backoff = RedisBackoff(.milliseconds(50)...(.seconds(2)))
        let waits = (0..<8).map { _ in backoff.next(random: 1).milliseconds }
        #expect(waits == [50, 100, 200, 400, 800, 1600, 2000, 2000])
    }

    @Test func `a wait is anything from nothing to its ceiling`() {
        var backoff = RedisBackoff(.milliseconds(50)...(.seconds(2)))
        #expect(backoff.next(random: 0) == .zero)
        #expect(backoff.next(random: 0.5) == .milliseconds(50))
    }

    @Test func `a connection that lasted starts the count anew and a short one does not`() {
        var backoff = RedisBackoff(.milliseconds(50)...(.seconds(2)))
        _ = (0..<3).map { _ in backoff.next(random: 1) }
        backoff.connectionLasted(.milliseconds(10))
        #expect(backoff.next(random: 1) == .milliseconds(400))
        backoff.connectionLasted(.seconds(3))
        #expect(backoff.next(random: 1) == .milliseconds(50))
    }
}
