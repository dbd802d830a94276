import Testing

@testable import Native

@Suite("Redis patience")
struct RedisPatienceTests {
    @Test func `a late and silent server is left at once`() {
        var patience = RedisPatience()
        let looks = [false, true].map { patience.isOver(isLate: $0, isAnswering: false) }
        #expect(looks == [false, true])
    }

    @Test func `a server that is answering is waited for, but not for ever`() {
        var patience = RedisPatience()
        let looks = (0..<21).map { _ in patience.isOver(isLate: true, isAnswering: true) }
        #expect(looks == [Bool](repeating: false, count: 20) + [true])
    }

    @Test func `a reply in time restores it`() {
        var patience = RedisPatience()
        for _ in 0..<15 { _ = patience.isOver(isLate: true, isAnswering: true) }
        _ = patience.isOver(isLate: false, isAnswering: true)
        let looks = (0..<20).map { _ in patience.isOver(isLate: true, isAnswering: true) }
        #expect(!looks.contains(true))
    }
}
