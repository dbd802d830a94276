import Testing

@testable import Shared

@Suite("Sharding")
struct ShardingTests {
    private func group(_ conversation: String?, lane: Lane = .default, job: String = "j") throws -> JobGroup {
        try JobGroup(
            lane: lane, tenant: TenantID("shop"), conversation: conversation.map { ConversationID($0) }, job: JobID(job)
        )
    }

    @Test(arguments: [("+4917012345678", 1), ("123@lid", 8), ("a", 10)])
    func `a conversation's shard never changes, because the store is built on it`(conversation: String, shard: Int)
        throws
    {
        #expect(try Sharding().shard(of: group(conversation)) == shard)
    }

    @Test func `the lanes of a conversation share a shard`() throws {
        for index in 0..<50 {
            let shards = try Lane.allCases.map { try Sharding().shard(of: group("c\(index)", lane: $0)) }
            #expect(Set(shards).count == 1)
        }
    }

    @Test func `conversations are spread evenly`() throws {
        var counts = [Int](repeating: 0, count: 16)
        for index in 0..<16_000 { counts[try Sharding().shard(of: group("+49170\(1_000_000 + index)"))] += 1 }
        #expect(counts.allSatisfy { (800...1200).contains($0) })
    }

    @Test func `a group's id says what it is`() throws {
        let group = try group("a|b#c", lane: .receiptsSync)
        #expect(group.id == "receipts_sync|shop|a|b#c")
        #expect(group.party == "shop|a|b#c")
        let read = try #require(JobGroup(id: group.id))
        #expect(read == group && read.conversation == ConversationID("a|b#c") && read.lane == .receiptsSync)
        let alone = try #require(JobGroup(id: try self.group(nil, job: "j7").id))
        #expect(alone.conversation == nil && alone.id == "default|shop|#j7")
        for wrong in ["", "default", "default|shop", "nolane|shop|c"] { #expect(JobGroup(id: wrong) == nil) }
    }

    @Test func `all keys of a shard carry its tag`() {
        #expect(ShardKeys(shard: 7).prefix == "rj:{s07}:")
        #expect(ShardKeys(shard: 63).leases == "rj:{s63}:fl")
    }
}
