import Native
import TestSupport
import Testing

@testable import Shared

@Suite("Queue: random steps", .onLoop)
@LoopActor struct QueueModelTests {
    /// Set QUEUE_MODEL_SEED to repeat a run that failed.
    @Test func `whatever happens, the queue does what the model does`() async throws {
        let given = Environment.number("QUEUE_MODEL_SEED")
        for seed in given.map({ [$0] }) ?? [1, UInt64.random(in: 0...UInt64.max)] {
            try await QueueFixture.with { fixture in
                let model = QueueModel(fixture, seed: seed)
                do {
                    for _ in 0..<1500 { try await model.step() }
                    try await model.finish()
                } catch { Issue.record("seed \(seed): \(error)") }
            }
        }
    }
}
