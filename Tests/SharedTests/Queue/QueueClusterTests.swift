import Native
import TestSupport
import Testing

@testable import Shared

/// On a cluster a script may touch the keys of one slot only. A cluster of one node does not mind by itself; but
/// Redis 7 refuses other slots to a script that begins with `#!lua`, so the scripts get that line here.
@Suite("Queue: on a Redis Cluster", .onLoop)
@LoopActor struct QueueClusterTests {
    private static let strict = QueueScripts { name, text in name == "prelude" ? Array("#!lua\n".utf8) + text : text }

    private func onCluster(_ body: @LoopActor (QueueFixture) async throws -> Void) async throws {
        var server = RedisServer.Options()
        server.isCluster = true
        try await QueueFixture.with(shards: 16, server: server, scripts: Self.strict, body)
    }

    @Test func `a script that touches two slots is refused, so that the next test can fail`() async throws {
        try await onCluster { fixture in
            let script = RedisScript(
                name: "two slots",
                source: Array(
                    "#!lua\nredis.call('SET', KEYS[1] .. 'a', 1) return redis.call('SET', 'rj:{s02}:a', 1)".utf8))
            await #expect {
                try await fixture.client.run(script, keys: ["rj:{s01}:"], arguments: [])
            } throws: { "\($0)".contains("slot") }
        }
    }

    @Test func `every step keeps to the slot of its shard`() async throws {
        try await onCluster { fixture in
            let queue = fixture.queue
            _ = try await queue.prepare()
            for number in 0..<64 {
                let lane: Lane = number % 3 == 0 ? .broadcasts : .default
                _ = try await queue.enqueue(fixture.job("a\(number)", "c\(number)", lane: lane))
                _ = try await queue.enqueue(fixture.job("b\(number)", "c\(number)", lane: lane))
            }
            try await queue.pause(.lane(.broadcasts))
            try await queue.pause(.tenant(TenantID("other")))
            for shard in 0..<16 { _ = try await fixture.claim(0, shard: shard) }
            try await queue.resume(.lane(.broadcasts))
            try await queue.resume(.tenant(TenantID("other")))
            for shard in 0..<16 {
                for (number, lease) in try await fixture.claim(shard: shard).enumerated() {
                    #expect(try await queue.heartbeat([lease], on: shard, lease: .seconds(60)).isEmpty)
                    try await queue.checkpoint(lease, ["step": "1"])
                    #expect(try await queue.waiting(behind: lease, limit: 5).count == 1)
                    _ = try await queue.held(
                        lease.group.id, token: lease.token, shard: shard, lease: number == 4 ? .zero : .seconds(60))
                    let row = fixture.job("row\(lease.job.id)", lease.job.conversation?.rawValue, lane: .maintenance)
                    switch number {
                    case 0: try await queue.ack(lease, remember: [[1]], following: [row])
                    case 1: try await queue.retryLater(lease, after: .zero, refund: true)
                    case 2: try await queue.release(lease)
                    case 3:
                        try await queue.failToDead(lease, reason: "test")
                        _ = try await queue.replay(lease.job, steps: ["step": "1"], dedupe: "r\(lease.job.id)")
                    default: break
                    }
                }
                _ = try await queue.claimSuspects(1, from: shard, for: fixture.worker)
            }
            _ = try await queue.reap()
            #expect(try await queue.promote() > 0)
            let auditor = Auditor(queue: queue)
            for _ in 0..<3 { #expect(try await auditor.pass().isEmpty) }
            #expect(try await queue.depths().jobs[.maintenance] ?? 0 > 0)
            #expect(try await queue.inspect()[.maintenance].depth > 0)
            #expect(try await fixture.audit().isEmpty)
        }
    }
}
