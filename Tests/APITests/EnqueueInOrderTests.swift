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
            let results = try await queue.enqueue(inOrder: jobs)
            // The repeat of a1 could have been told as such; it is sent again with the others.
            #expect(
                results == [.accepted, .accepted, .accepted, .full(.group), .full(.group), .accepted])
            #expect(try await queue.depths().jobs == [.default: 4])
        }
    }
}
