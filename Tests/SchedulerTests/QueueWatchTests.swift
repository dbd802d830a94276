import Native
import Shared
import TestSupport
import Testing

@testable import Scheduler

@Suite("What a scheduler tells of the queue", .onLoop)
@LoopActor struct QueueWatchTests {
    @Test func `depth, age and workers, and nothing before the first look`() async throws {
        try await RedisServer.withClient { _, client in
            let metrics = Metrics(), queue = RedisQueue(client: client)
            let worker = ProcessRegistry(redis: client, id: "w")
            let watch = QueueWatch(
                queue: queue, registry: ProcessRegistry(redis: client, id: "s"), metrics: metrics)
            #expect(!metrics.text.contains("rejoinder_workers"))
            for conversation in ["1", "2"] {
                _ = try await queue.enqueue(
                    Job(
                        id: JobID(conversation), name: "noop", lane: .default, tenant: TenantID("t"),
                        conversation: ConversationID(conversation), payload: Array("{}".utf8)))
            }
            await watch.look()
            #expect(metrics.text.contains("\nrejoinder_workers 0\n"))
            try await worker.report(ProcessRegistry.Report(role: "worker"))
            // Milliseconds have to pass before there is an age.
            let young = "rejoinder_queue_oldest_seconds{queue=\"default\"} 0\n"
            repeat { await watch.look() } while metrics.text.contains(young)
            let text = metrics.text
            #expect(text.contains("\nrejoinder_workers 1\n"))
            #expect(text.contains("rejoinder_queue_depth{queue=\"default\"} 2\n"))
            #expect(text.contains("rejoinder_queue_depth{queue=\"high\"} 0\n"))
            #expect(text.contains("rejoinder_queue_oldest_seconds{queue=\"high\"} 0\n"))
            #expect(text.contains("\nrejoinder_queue_delayed 0\n"))
        }
    }

    @Test func `what any of is an alert is counted from zero`() async throws {
        try await RedisServer.withClient { _, client in
            let metrics = Metrics(), queue = RedisQueue(client: client)
            _ = ScheduleRunner(
                leadership: Leadership(redis: client, id: "a"), queue: queue, auditor: Auditor(queue: queue), jobs: [],
                metrics: metrics, log: Log(level: .error))
            #expect(metrics.text.contains("\nrejoinder_leases_reaped_total 0\n"))
            for kind in Repair.Kind.allCases {
                #expect(metrics.text.contains("rejoinder_queue_repairs_total{kind=\"\(kind.rawValue)\"} 0\n"))
            }
        }
    }
}
