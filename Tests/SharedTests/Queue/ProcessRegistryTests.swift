import Native
import Shared
import TestSupport
import Testing

@Suite("What processes tell each other", .onLoop)
@LoopActor struct ProcessRegistryTests {
    @Test func `a report is read as it was told, until its process is silent for too long`() async throws {
        try await RedisServer.withClient { _, client in
            let registry = ProcessRegistry(redis: client, id: "w1"), now = WallTime(milliseconds: 1_763_650_000_000)
            var report = ProcessRegistry.Report(role: "worker")
            report.processed = 12
            report.inFlight = 3
            report.finishedPerSecond = [.default: 1.25, .receiptsSync: 400]
            try await registry.report(report, at: now)
            let read = try await registry.reports(at: now)
            #expect(read == [report])
            let silence = Int64(ProcessRegistry.lifetime.milliseconds)
            let later = try await registry.reports(at: WallTime(milliseconds: now.milliseconds + silence))
            #expect(later.isEmpty)
            // Whoever read that may have had a wrong clock, and took nobody's report away.
            let again = try await registry.reports(at: now)
            #expect(again == [report])
            _ = try await registry.reports(at: WallTime(milliseconds: now.milliseconds + 3_700_000))
            let forgotten = try await registry.reports(at: now)
            #expect(forgotten.isEmpty)
        }
    }
}
