import Testing

@testable import Shared

@Suite("Shard agenda")
struct ShardAgendaTests {
    private func drained(_ shards: Int) -> ShardAgenda {
        var agenda = ShardAgenda(shards: shards)
        while agenda.next() != nil {}
        return agenda
    }

    @Test func `every shard is looked at first`() {
        var agenda = ShardAgenda(shards: 3)
        #expect(Set([agenda.next(), agenda.next(), agenda.next()]) == [0, 1, 2])
        #expect(agenda.next() == nil)
    }

    @Test func `a wake-up during a claim is kept`() {
        var agenda = drained(3)
        agenda.wake(1)
        #expect(agenda.next() == 1)
        agenda.wake(1)
        agenda.claimed(1, hasMore: false, couldTake: true)
        #expect(agenda.next() == 1)
    }

    @Test func `a shard with more is looked at again, in turn with the others`() {
        var agenda = ShardAgenda(shards: 2)
        var seen: [Int?] = []
        for _ in 0..<4 {
            let shard = agenda.next()
            seen.append(shard)
            if let shard { agenda.claimed(shard, hasMore: true, couldTake: true) }
        }
        #expect(seen == [1, 0, 1, 0])
    }

    @Test func `without slots it waits for one, and is not asked meanwhile`() {
        var agenda = drained(2)
        agenda.wake(0)
        _ = agenda.next()
        agenda.claimed(0, hasMore: true, couldTake: false)
        #expect(agenda.next() == nil)
        agenda.slotIsFree()
        #expect(agenda.next() == 0)
    }

    @Test func `a shard with groups of full tenants only waits until one of them is not`() {
        var agenda = drained(2)
        let a = ShardAgenda.Turn(lane: .default, tenant: TenantID("a"))
        let b = ShardAgenda.Turn(lane: .high, tenant: TenantID("b"))
        agenda.wake(0)
        _ = agenda.next()
        agenda.claimed(0, hasMore: false, withheld: [a, b], couldTake: false)
        #expect(agenda.isWithholding)
        agenda.slotIsFree()
        #expect(agenda.next { _ in true } == nil)
        #expect(agenda.next { $0 == a } == 0)
        #expect(!agenda.isWithholding)
    }

    @Test func `a shard with other groups too waits for any slot, and a wake-up during the claim is kept`() {
        var agenda = drained(2)
        let turn = ShardAgenda.Turn(lane: .default, tenant: TenantID("a"))
        agenda.wake(0)
        _ = agenda.next()
        agenda.claimed(0, hasMore: true, withheld: [turn], couldTake: false)
        agenda.slotIsFree()
        #expect(agenda.next { _ in true } == 0)
        agenda.wake(0)
        agenda.claimed(0, hasMore: false, withheld: [turn], couldTake: false)
        #expect(agenda.next { _ in true } == 0)
    }

    @Test func `a number that is no shard is ignored`() {
        var agenda = drained(2)
        agenda.wake(2)
        agenda.wake(-1)
        #expect(agenda.next() == nil)
    }
}
