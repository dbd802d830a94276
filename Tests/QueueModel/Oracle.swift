import Native
import Shared

/// Reads all that is in Redis and judges it by QUEUE's rules, without a word of the scripts.
@LoopActor struct Oracle {
    struct Reading: Equatable, Sendable {
        /// What contradicts the rules, in lines; empty when all is well.
        var problems = ""
        /// What there is, in sorted lines, as `ModelQueue.text`.
        var text = ""
        /// Changes with any time or token.
        var times = ""
        var leases: [String] = []
        var due: [String] = []
        var idle: [String] = []
    }

    private static let script = RedisScript(name: "oracle", source: PackageResources.oracle_lua)

    let client: RedisClient
    /// Of the only shard.
    let keys: ShardKeys

    func read() async throws(RedisError) -> Reading {
        let reply = try await client.run(Self.script, keys: [keys.prefix], arguments: [])
        let words = reply.items?.map { $0.text ?? "" } ?? []
        guard words.count == 6 else { throw .server("the oracle answered \(reply)") }
        return Reading(
            problems: words[0], text: words[1], times: words[2], leases: Self.list(words[3]), due: Self.list(words[4]),
            idle: Self.list(words[5]))
    }

    private static func list(_ words: String) -> [String] {
        words.isEmpty ? [] : words.split(separator: " ").map(String.init)
    }
}
