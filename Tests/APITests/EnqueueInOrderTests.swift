import Native
import Shared
import TestSupport
import Testing

@testable import API

@Suite("Messages of one webhook", .onLoop)
@LoopActor struct EnqueueInOrderTests {
    private func job(_ id: String, _ conversation: String) -> Job {
        Job(
            id: JobID(id), name: "test", lane: .default, tenant: TenantID("t"),
            conversation: ConversationID(conversation), payload: Array("{}".utf8))
    }

    @Test func `one that finds no room keeps those behind it in its conversation out, and no others`() async throws {
        try await RedisServer.withClient { _, client in
            var options = RedisQueue.Options()
            options.conversationLength = 2
            let queue = RedisQueue(client: client, options: options)
            let jobs = [job("a1", "a"), job("b1", "b"), job("a2", "a"), job("a3", "a"), job("a1", "a"), job("b2", "b")]
            var ordered = OrderedEnqueue(queue)
            let results = try await ordered.enqueue(jobs)
            // The repeat of a1 could have been told as such; it is sent again with the others.
            #expect(
                results == [.accepted, .accepted, .accepted, .full(.group), .full(.group), .accepted])
            #expect(try await queue.depths().jobs == [.default: 4])
        }
    }

    @Test func `what a part kept out stays out in the next ones, also when there is room again`() async throws {
        try await RedisServer.withClient { _, client in
            var options = RedisQueue.Options()
            options.conversationLength = 1
            let queue = RedisQueue(client: client, options: options)
            var ordered = OrderedEnqueue(queue)
            let first = try await ordered.enqueue([job("a1", "a"), job("a2", "a")])
            #expect(first == [.accepted, .full(.group)])
            _ = try await client.send(RedisCommand("FLUSHALL"))
            let second = try await ordered.enqueue([job("a3", "a")])
            #expect(second == [.full(.group)])
            let third = try await ordered.enqueue([job("a4", "a"), job("b1", "b")])
            #expect(third == [.full(.group), .accepted])
        }
    }
}
