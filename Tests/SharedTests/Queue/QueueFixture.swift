import Native
import TestSupport

@testable import Shared

/// A queue over a Redis of its own, and short words for what tests do with it.
@LoopActor struct QueueFixture {
    let server: RedisServer
    let client: RedisClient
    let queue: RedisQueue
    let worker = WorkerID("w1")

    /// One shard unless the test is about shards, so that every group meets every other.
    static func with(
        shards: Int = 1, server: RedisServer.Options = .init(),
        configure: (inout RedisQueue.Options) -> Void = { _ in }, scripts: QueueScripts = .standard,
        _ body: @LoopActor (QueueFixture) async throws -> Void
    ) async throws {
        var options = RedisQueue.Options()
        // A busy machine is not an outage.
        options.awayAfter = .seconds(3600)
        configure(&options)
        try await RedisServer.withClient(server) { server, client in
            let queue = RedisQueue(
                client: client, sharding: Sharding(count: shards), options: options, scripts: scripts)
            try await body(QueueFixture(server: server, client: client, queue: queue))
        }
    }

    func job(_ id: String, _ conversation: String? = "c", tenant: String = "t", lane: Lane = .default) -> Job {
        Job(
            id: JobID(id), name: "test", lane: lane, tenant: TenantID(tenant),
            conversation: conversation.map { ConversationID($0) }, payload: Array("{\"id\":\"\(id)\"}".utf8))
    }

    /// Everything there is, up to `slots` groups, without regard to lanes.
    static func plan(_ slots: Int = 32) -> ClaimPlan {
        ClaimPlan(
            slots: slots, belowHigh: slots, belowDefault: slots,
            lanes: Lane.allCases.map { .init(lane: $0, quota: 0, limit: slots) })
    }

    func claim(_ slots: Int = 32, lease: Duration = .seconds(60), shard: Int = 0) async throws -> [Lease] {
        try await queue.claim(Self.plan(slots), from: shard, for: worker, lease: lease).leases
    }

    /// The only group there is.
    func claimOne(lease: Duration = .seconds(60)) async throws -> Lease {
        let leases = try await claim(lease: lease)
        guard leases.count == 1, let lease = leases.first else { throw Unexpected(what: "\(leases.count) leases") }
        return lease
    }

    struct Unexpected: Error { let what: String }

    // MARK: What is in Redis

    private static let snapshot = RedisScript(
        name: "snapshot",
        source: Array(
            """
            local keys, all = redis.call('KEYS', '*'), {}
            table.sort(keys)
            for _, key in ipairs(keys) do
              all[#all + 1] = key
              all[#all + 1] = redis.call('DUMP', key)
            end
            return all
            """.utf8))

    /// Every key with its value. Lifetimes are not part of it.
    func snapshot() async throws -> [String: [UInt8]] {
        let items = try await client.run(Self.snapshot, keys: [], arguments: []).items ?? []
        var all: [String: [UInt8]] = [:]
        for index in stride(from: 0, to: items.count, by: 2) { all[items[index].text ?? ""] = items[index + 1].bytes }
        return all
    }

    private static let audit = RedisScript(
        name: "audit",
        source: Array(
            """
            local P, call, problems, lengths, found = KEYS[1], redis.call, {}, {}, {}
            local function bad(...) problems[#problems + 1] = table.concat({...}, ' ') end
            local function place(gid, where)
              if found[gid] then bad(gid, 'is in', found[gid], 'and in', where) end
              found[gid] = where
            end
            local function zset(key) return call('ZRANGE', P .. key, 0, -1) end
            for _, gid in ipairs(zset('fl')) do
              place(gid, 'fl')
              if call('HEXISTS', P .. 'ls', gid) == 0 then bad(gid, 'is leased without a token') end
            end
            for _, gid in ipairs(call('HKEYS', P .. 'ls')) do
              if not call('ZSCORE', P .. 'fl', gid) then bad(gid, 'has a token without a lease') end
            end
            for _, gid in ipairs(zset('dl')) do place(gid, 'dl') end
            for _, gid in ipairs(call('LRANGE', P .. 'sq', 0, -1)) do place(gid, 'sq') end
            for _, key in ipairs(call('KEYS', P .. 'g:*')) do
              local lane, tenant = string.match(string.sub(key, #P + 3), '^([^:]+):(.+)$')
              for _, gid in ipairs(call('LRANGE', key, 0, -1)) do place(gid, key) end
              local turns = 0
              for _, list in ipairs({'t:', 'pk:'}) do
                for _, one in ipairs(call('LRANGE', P .. list .. lane, 0, -1)) do
                  if one == tenant then turns = turns + 1 end
                end
              end
              if turns ~= 1 then bad(key, 'has', tostring(turns), 'turns') end
            end
            for _, key in ipairs(call('KEYS', P .. 't:*')) do
              for _, tenant in ipairs(call('LRANGE', key, 0, -1)) do
                local groups = P .. 'g:' .. string.sub(key, #P + 3) .. ':' .. tenant
                if call('EXISTS', groups) == 0 then bad(tenant, 'has a turn in', key, 'and no groups') end
              end
            end
            local jobs = {}
            for _, key in ipairs(call('KEYS', P .. 'l:*')) do
              local gid = string.sub(key, #P + 3)
              if not found[gid] then bad(gid, 'is in no place') end
              found[gid] = nil
              local lane, tenant = string.match(gid, '^([^|]+)|([^|]+)|')
              for _, field in ipairs({lane, lane .. '|' .. tenant}) do
                lengths[field] = (lengths[field] or 0) + call('LLEN', key)
              end
              for _, record in ipairs(call('LRANGE', key, 0, -1)) do
                jobs[string.match(record, '^%d+|([^|]*)|')] = true
              end
            end
            for gid, where in pairs(found) do bad(gid, 'is in', where, 'and has no jobs') end
            local ct = call('HGETALL', P .. 'ct')
            for i = 1, #ct, 2 do
              if lengths[ct[i]] ~= tonumber(ct[i + 1]) then
                bad(ct[i], 'counts', ct[i + 1], 'and has', tostring(lengths[ct[i]]))
              end
              lengths[ct[i]] = nil
            end
            for field in pairs(lengths) do bad(field, 'is not counted') end
            for _, hash in ipairs({'at', 'cr'}) do
              for _, gid in ipairs(call('HKEYS', P .. hash)) do
                if call('EXISTS', P .. 'l:' .. gid) == 0 then bad(hash, 'remembers', gid) end
              end
            end
            for _, key in ipairs(call('KEYS', P .. 'cp:*')) do
              if not jobs[string.sub(key, #P + 4)] then bad(key, 'is of no job') end
            end
            return problems
            """.utf8))

    /// What contradicts the rules of QUEUE's keys; empty when all is well.
    func audit() async throws -> [String] {
        var problems: [String] = []
        for shard in 0..<queue.sharding.count {
            let reply = try await client.run(Self.audit, keys: [queue.keys(of: shard).prefix], arguments: [])
            problems += reply.items?.compactMap(\.text) ?? []
        }
        return problems
    }

    /// Keys that are left and should not be when no job exists.
    func leftovers() async throws -> [String] {
        let lasting = ["tk", "idle", "rp", "dead"]
        return try await snapshot().keys.filter { key in
            guard let brace = key.lastIndex(of: "}") else { return key != ShardKeys.shardCount }
            let name = key[brace...].dropFirst(2)
            return !lasting.contains(String(name)) && !name.hasPrefix("d:") && !name.hasPrefix("h:")
        }
    }
}
