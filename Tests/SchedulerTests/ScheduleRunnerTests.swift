import Native
import Shared
import TestSupport
import Testing

@testable import Scheduler

@Suite("Scheduler", .onLoop)
@LoopActor struct ScheduleRunnerTests {
    static let job = PeriodicJob(name: "gateway_health", lane: .maintenance, interval: .seconds(3600))

    func runner(_ client: RedisClient, id: String, _ queue: RedisQueue? = nil) -> ScheduleRunner {
        let queue = queue ?? RedisQueue(client: client)
        return ScheduleRunner(
            leadership: Leadership(redis: client, id: id), queue: queue, auditor: Auditor(queue: queue),
            jobs: [Self.job], metrics: Metrics(), log: Log(level: .error))
    }

    @Test func `any number of schedulers enqueue each tick once`() async throws {
        try await RedisServer.withClient { _, client in
            var enqueued: [String] = []
            for id in ["a", "b", "a", "c", "b"] { enqueued += try await runner(client, id: id).runOnce() }
            #expect(enqueued == ["gateway_health"])
            #expect(try await RedisQueue(client: client).depths().jobs[.maintenance] == 1)
        }
    }

    @Test func `a standby acts at once when the leader resigns`() async throws {
        try await RedisServer.withClient { _, client in
            let first = Leadership(redis: client, id: "a"), second = Leadership(redis: client, id: "b")
            let term = try #require(try await first.lead())
            #expect(try await second.lead() == nil)
            try await first.resign()
            let next = try #require(try await second.lead())
            #expect(next.token > term.token)
        }
    }

    @Test func `a leader's death is not taken for an outage of Redis`() {
        #expect(Leadership.lifetime + ScheduleRunner.pause < RedisQueue.Options().awayAfter)
    }

    @Test func `a term that is over can remember nothing`() async throws {
        try await RedisServer.withClient { _, client in
            let first = Leadership(redis: client, id: "a"), second = Leadership(redis: client, id: "b")
            let old = try #require(try await first.lead())
            try await first.resign()
            _ = try await second.lead()
            #expect(try await first.remember(7, of: "job", old) == false)
            #expect(try await first.lastTicks().isEmpty)
        }
    }

    @Test func `somebody leads also when Redis is full`() async throws {
        try await RedisServer.withClient { _, client in
            _ = try await client.send(RedisCommand("CONFIG", "SET", "maxmemory", "1"))
            let leader = Leadership(redis: client, id: "a")
            let first = try #require(try await leader.lead())
            #expect(try await leader.lead()?.token == first.token)
        }
    }

    @Test func `while Redis is full the scheduler passes all the same, and a tick is not tried again and again`()
        async throws
    {
        try await RedisServer.withClient { _, client in
            _ = try await client.send(RedisCommand("CONFIG", "SET", "maxmemory", "1"))
            #expect(try await runner(client, id: "a").runOnce().isEmpty)
            #expect(try await Leadership(redis: client, id: "a").lastTicks().keys.sorted() == ["gateway_health"])
        }
    }

    @Test func `one pass makes ready all that is due, not the first hundred only`() async throws {
        try await RedisServer.withClient { _, client in
            let queue = RedisQueue(client: client, sharding: Sharding(count: 1))
            for number in 0..<250 {
                let job = Job(
                    id: JobID("j\(number)"), name: "test", lane: .default, tenant: TenantID("t"), conversation: nil,
                    payload: [])
                _ = try await queue.enqueue(job, delay: .milliseconds(1))
            }
            try await LoopActor.loop.sleep(for: .milliseconds(2))
            _ = try await runner(client, id: "a", queue).runOnce()
            #expect(try await queue.depths().delayed == 0)
        }
    }

    @Test func `the leader keeps its token while it renews`() async throws {
        try await RedisServer.withClient { _, client in
            let leader = Leadership(redis: client, id: "a")
            let first = try #require(try await leader.lead())
            let second = try #require(try await leader.lead())
            #expect(first.token == second.token)
            #expect(try await leader.remember(7, of: "job", second))
            #expect(try await leader.remember(6, of: "job", second))
            #expect(try await leader.lastTicks() == ["job": 7])
        }
    }
}
