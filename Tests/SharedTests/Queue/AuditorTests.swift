import Native
import TestSupport
import Testing

@testable import Shared

@Suite("Queue: the audit", .onLoop)
@LoopActor struct AuditorTests {
    /// Groups in every state: leased, delayed, suspect, ready and parked.
    private func fill(_ fixture: QueueFixture) async throws {
        let queue = fixture.queue
        _ = try await queue.enqueue(fixture.job("suspect", "suspect"))
        for _ in 0..<2 {
            _ = try await fixture.claimOne(lease: .zero)
            _ = try await queue.reap()
        }
        _ = try await queue.enqueue(fixture.job("leased", "leased"))
        _ = try await fixture.claimOne()
        _ = try await queue.enqueue(fixture.job("later", "later"), delay: .seconds(3600))
        try await queue.pause(.tenant(TenantID("p")))
        _ = try await queue.enqueue(fixture.job("parked", "parked", tenant: "p"))
        _ = try await fixture.claim()
        for id in ["ready1", "ready2"] { _ = try await queue.enqueue(fixture.job(id, id)) }
    }

    private func everything(_ auditor: Auditor, shards: Int = 1) async throws -> [Repair] {
        var repairs: [Repair] = []
        for _ in 0..<max(2, shards) { repairs += try await auditor.pass() }
        return repairs
    }

    @Test func `a sound queue is left as it is`() async throws {
        try await QueueFixture.with { fixture in
            try await fill(fixture)
            let before = try await fixture.snapshot()
            #expect(try await everything(Auditor(queue: fixture.queue)).isEmpty)
            #expect(try await fixture.snapshot() == before)
        }
    }

    private struct Damage {
        let kind: Repair.Kind
        let command: RedisCommand
    }

    private func damages(_ keys: ShardKeys, _ fixture: QueueFixture) throws -> [Damage] {
        let ready = try fixture.job("ready1", "ready1").group(), leased = try fixture.job("leased", "leased").group()
        let suspect = try fixture.job("suspect", "suspect").group()
        let list = keys.readyGroups(.default, TenantID("t"))
        return [
            Damage(kind: .lost, command: RedisCommand("LREM", list, "0", ready.id)),
            Damage(kind: .turnless, command: RedisCommand("DEL", keys.tenants(.default))),
            Damage(kind: .turnless, command: RedisCommand("DEL", keys.parked(.default))),
            Damage(kind: .extraTurn, command: RedisCommand("RPUSH", keys.tenants(.default), "t")),
            Damage(kind: .twice, command: RedisCommand("RPUSH", list, leased.id)),
            Damage(kind: .twice, command: RedisCommand("RPUSH", list, ready.id)),
            Damage(kind: .twice, command: RedisCommand("RPUSH", keys.suspects, suspect.id)),
            Damage(kind: .tokenless, command: RedisCommand("HDEL", keys.tokens, leased.id)),
            Damage(kind: .leaseless, command: RedisCommand("HSET", keys.tokens, ready.id, "1")),
            Damage(kind: .empty, command: RedisCommand("ZADD", keys.delayed, "99999999999999", "default|t|nobody")),
            Damage(kind: .forgotten, command: RedisCommand("HSET", keys.attempts, "default|t|nobody", "1")),
            Damage(kind: .miscounted, command: RedisCommand("HINCRBY", keys.lengths, "default", "3")),
            Damage(kind: .miscounted, command: RedisCommand("DEL", keys.lengths)),
        ]
    }

    @Test func `each kind of damage is found, repaired, and not found again`() async throws {
        try await QueueFixture.with { fixture in
            let keys = fixture.queue.keys(of: 0)
            for damage in try damages(keys, fixture) {
                _ = try await fixture.client.send(RedisCommand("FLUSHALL"))
                try await fill(fixture)
                _ = try await fixture.client.send(damage.command)
                #expect(try await !fixture.audit().isEmpty, "\(damage.kind): the damage is none")
                let auditor = Auditor(queue: fixture.queue)
                let repairs = try await everything(auditor)
                #expect(repairs.contains { $0.kind == damage.kind }, "\(damage.kind): \(repairs)")
                #expect(try await fixture.audit().isEmpty, "\(damage.kind)")
                #expect(try await everything(auditor).isEmpty, "\(damage.kind)")
            }
        }
    }

    @Test func `a group that fell out of a long list is found among many`() async throws {
        var options = Auditor.Options()
        options.wholeShard = 5
        options.searchedList = 10
        options.scannedKeys = 1000
        try await QueueFixture.with { fixture in
            for number in 0..<100 {
                _ = try await fixture.queue.enqueue(fixture.job("j\(number)", "c\(number)"))
            }
            let auditor = Auditor(queue: fixture.queue, options: options)
            #expect(try await everything(auditor).isEmpty)
            let lost = try fixture.job("j7", "c7").group().id
            let list = fixture.queue.keys(of: 0).readyGroups(.default, TenantID("t"))
            _ = try await fixture.client.send(RedisCommand("LREM", list, "0", lost))
            // Those that came before it go their way; then the front of the list is younger than what is lost.
            for lease in try await fixture.claim(32) { try await fixture.queue.ack(lease) }
            #expect(try await everything(auditor) == [Repair(kind: .lost, subject: lost)])
            #expect(try await fixture.claim(1).first?.group.id == lost)
        }
    }

    @Test func `a list that is too long to be searched is left until it is shorter`() async throws {
        var options = Auditor.Options()
        options.wholeShard = 5
        options.searchedList = 2
        try await QueueFixture.with { fixture in
            for number in 0..<40 {
                _ = try await fixture.queue.enqueue(fixture.job("j\(number)", "c\(number)"))
            }
            let lost = try fixture.job("j0", "c0").group().id
            let list = fixture.queue.keys(of: 0).readyGroups(.default, TenantID("t"))
            _ = try await fixture.client.send(RedisCommand("LREM", list, "0", lost))
            for lease in try await fixture.claim(1) { try await fixture.queue.ack(lease) }
            let auditor = Auditor(queue: fixture.queue, options: options)
            #expect(try await everything(auditor).isEmpty)
            for lease in try await fixture.claim(32) { try await fixture.queue.ack(lease) }
            #expect(try await everything(auditor) == [Repair(kind: .lost, subject: lost)])
            #expect(try await fixture.audit().isEmpty)
        }
    }

    @Test(arguments: [false, true])
    func `a queue whose counter is lost is claimed again, however much it holds`(isParked: Bool) async throws {
        var options = Auditor.Options()
        options.wholeShard = 5
        try await QueueFixture.with { fixture in
            let queue = fixture.queue, tenant = PauseTarget.tenant(TenantID("t"))
            for number in 0..<40 { _ = try await queue.enqueue(fixture.job("j\(number)", "c\(number)")) }
            if isParked {
                try await queue.pause(tenant)
                #expect(try await fixture.claim().isEmpty)
            }
            _ = try await fixture.client.send(RedisCommand("HDEL", queue.keys(of: 0).lengths, "default"))
            let auditor = Auditor(queue: queue, options: options)
            #expect(try await everything(auditor) == [Repair(kind: .miscounted, subject: "default")])
            #expect(try await queue.depths().jobs == [.default: 40])
            try await queue.resume(tenant)
            #expect(try await fixture.claim(10).count == 10)
        }
    }

    @Test func `keys that are of no group keep the audit from nothing`() async throws {
        try await QueueFixture.with { fixture in
            let keys = fixture.queue.keys(of: 0)
            _ = try await fixture.queue.enqueue(fixture.job("a"))
            for command in [
                RedisCommand("RPUSH", keys.prefix + "l:foo", "1"), RedisCommand("ZADD", keys.leases, "1", "foo"),
                RedisCommand("HSET", keys.attempts, "bar", "1"), RedisCommand("HSET", keys.lengths, "baz|", "1"),
                RedisCommand("HINCRBY", keys.lengths, "default", "1"),
            ] { _ = try await fixture.client.send(command) }
            let auditor = Auditor(queue: fixture.queue)
            let repairs = try await everything(auditor)
            #expect(repairs.contains(Repair(kind: .miscounted, subject: "default")))
            #expect(repairs.contains(Repair(kind: .empty, subject: "foo")))
            #expect(try await everything(auditor).isEmpty)
            #expect(try await fixture.queue.reap() == 0)
        }
    }

    @Test func `every shard and page has its turn`() async throws {
        var options = Auditor.Options()
        options.scannedKeys = 10
        try await QueueFixture.with(shards: 4) { fixture in
            for number in 0..<200 {
                _ = try await fixture.queue.enqueue(fixture.job("j\(number)", "c\(number)"))
            }
            let group = try fixture.job("j7", "c7").group()
            let keys = fixture.queue.keys(of: fixture.queue.sharding.shard(of: group))
            _ = try await fixture.client.send(
                RedisCommand("LREM", keys.readyGroups(.default, TenantID("t")), "0", group.id))
            let auditor = Auditor(queue: fixture.queue, options: options)
            var repairs: [Repair] = []
            for _ in 0..<200 { repairs += try await auditor.pass() }
            #expect(repairs == [Repair(kind: .lost, subject: group.id)])
        }
    }

    @Test func `keys of other kinds are no groups`() {
        #expect(ShardKeys.group(ofJobs: "rj:{s07}:l:default|t|c}:l:x")?.group == "default|t|c}:l:x")
        #expect(ShardKeys.group(ofJobs: "rj:{s07}:ls") == nil && ShardKeys.group(ofJobs: "other") == nil)
    }
}
