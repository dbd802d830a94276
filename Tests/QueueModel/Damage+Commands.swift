import Native

@testable import Shared

extension Damage {
    /// How it is done.
    func commands(_ keys: ShardKeys) -> [RedisCommand] {
        switch self {
        case .lostToken(let group): [RedisCommand("HDEL", keys.tokens, group)]
        case .lostLease(let group): [RedisCommand("ZREM", keys.leases, group)]
        case .lostPlace(let group):
            [
                RedisCommand("LREM", Self.list(group, keys), "0", group), RedisCommand("ZREM", keys.delayed, group),
                RedisCommand("LREM", keys.suspects, "0", group),
            ]
        case .delayedTwice(let group): [RedisCommand("ZADD", keys.delayed, "0", group)]
        case .readyTwice(let group), .doubled(let group): [RedisCommand("RPUSH", Self.list(group, keys), group)]
        case .doubledSuspect(let group): [RedisCommand("RPUSH", keys.suspects, group)]
        case .lostTurn(let turn): [RedisCommand("LREM", keys.tenants(turn.lane), "0", turn.tenant)]
        case .secondTurn(let turn): [RedisCommand("RPUSH", keys.tenants(turn.lane), turn.tenant)]
        case .miscounted(let field): [RedisCommand("HINCRBY", keys.lengths, field, "3")]
        case .emptyLease(let group):
            [RedisCommand("ZADD", keys.leases, "0", group), RedisCommand("HSET", keys.tokens, group, "1")]
        case .emptyAttempts(let group): [RedisCommand("HSET", keys.attempts, group, "1")]
        }
    }

    private static func list(_ group: String, _ keys: ShardKeys) -> String {
        keys.readyGroups(ModelQueue.lane(of: group), TenantID(ModelQueue.tenant(of: group)))
    }
}
