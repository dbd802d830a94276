import Native
import Shared
import TestSupport
import Testing

@Suite("A business whose gateway hangs", .onLoop, .serialized)
@LoopActor struct HangingGatewayTests {
    private static let hanging = "hanging"
    /// Of 40 slots eight are for `high`. Of the others a business gets those that leave a seventh free.
    private static let slots = 40, most = 28

    @Test func `it keeps no other business's messages waiting, and its own are sent when it is back`() async throws {
        var options = Installation.Options()
        // Longer than the test: no send of the gateway is given up.
        options.environment = ["WORKER_CONCURRENCY": "\(Self.slots)", "BAILEYS_TIMEOUT_SECONDS": "300"]
        try await Installation.with(options) { system in
            // By Twilio what does not go out again before the circuit closes.
            try await system.put(Self.hanging, [.baileys, .twilio]) { $0.readMarks = false }
            try await system.put(Installation.business, [.baileys]) { $0.readMarks = false }
            try await system.fault(#"{"gateway":{"mode":"hang","tenant":"hanging"}}"#)
            let burst = 2 * Self.slots
            for number in 0..<burst {
                try await system.post("hello", from: "1555001\(1000 + number)", id: "H\(number)", to: Self.hanging)
            }
            try await poll(within: .seconds(30), "the worker to be full of what hangs") {
                try await self.hangingSends(system) == Self.most ? true : nil
            }
            let others = 60
            for number in 0..<others {
                try await system.post("hello", from: "1555002\(1000 + number % 6)", id: "A\(number)")
            }
            try await system.delivered(others, within: .seconds(60))
            #expect(try await hangingSends(system) == Self.most)

            _ = try await system.call("DELETE", system.simulator, "/simulator/faults")
            try await system.delivered(burst + others, within: .seconds(120))
            try await system.quiet(within: .seconds(60))
            let texts = try await system.delivered()
            #expect(texts.count == burst + others && Set(texts.map(\.id)).count == texts.count)
        }
    }

    /// Calls that ran into the fault.
    private func hangingSends(_ system: Installation) async throws -> Int {
        let stats = try await system.call("GET", system.simulator, "/simulator/stats")
        return try JSON.read(stats.body) { $0["gateway"]?["faults"]?.int ?? 0 }
    }
}
