import Native
import TestSupport
import Testing

@testable import Worker

@Suite("Media gate", .onLoop)
@LoopActor struct MediaGateTests {
    /// Enters the gate and says so; holds the place until it is told to leave.
    private func visitor(_ name: Int, _ gate: MediaGate, _ entered: Events<Int>, _ end: Gate) -> Task<Bool, any Error> {
        LoopActor.loop.spawn {
            try await gate.enter()
            entered.send(name)
            try await end.wait()
            gate.leave()
            return true
        }
    }

    @Test func `a tenth of the jobs get a place, the others in turn`() async throws {
        let gate = MediaGate(concurrency: 25), entered = Events<Int>(), ends = (0..<5).map { _ in Gate() }
        let visitors = (0..<5).map { visitor($0, gate, entered, ends[$0]) }
        let first = Set([try await entered.next(), try await entered.next()])
        #expect(first == [0, 1])
        ends[1].open()
        #expect(try await entered.next() == 2)
        // One that goes before its turn is passed over.
        visitors[3].cancel()
        _ = await visitors[3].result
        ends[0].open()
        #expect(try await entered.next() == 4)
        for end in ends { end.open() }
        for visitor in visitors { _ = await visitor.result }
        // Both places are back.
        try await gate.enter()
        try await gate.enter()
    }

    @Test func `there is one place at least`() async throws {
        let gate = MediaGate(concurrency: 1)
        try await gate.enter()
        gate.leave()
        try await gate.enter()
    }
}
