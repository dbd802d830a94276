import Native
import TestSupport
import Testing

@testable import Worker

@Suite("A Postgres that does not answer", .onLoop)
@LoopActor struct PostgresSilenceTests {
    @Test func `after one question that was not answered nobody asks for a while, then one does`() async throws {
        let silence = PostgresSilence()
        #expect(silence.mayAsk() && silence.mayAsk())
        silence.hasNotAnswered()
        #expect(!silence.mayAsk())
        try await eventually { silence.mayAsk() }
        #expect(!silence.mayAsk())
        silence.hasAnswered()
        #expect(silence.mayAsk() && silence.mayAsk())
    }
}
