/// Where a group lives. The number of shards is fixed when the store is created.
package struct Sharding: Sendable, Equatable {
    /// 1...1024.
    package let count: Int

    package init(count: Int = 16) {
        precondition((1...1024).contains(count), "the number of shards is \(count)")
        self.count = count
    }

    /// By tenant and conversation, so that the lanes of a conversation share a shard and its memory.
    package func shard(of group: JobGroup) -> Int {
        let party = group.id.utf8.span.extracting(droppingFirst: group.partyStart)
        return Int(Self.fnv1a(party) % UInt64(count))
    }

    /// FNV-1a, 64 bits. Part of the store's format: it must never change.
    private static func fnv1a(_ bytes: Span<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for place in bytes.indices { hash = (hash ^ UInt64(bytes[place])) &* 0x100_0000_01b3 }
        return hash
    }
}
