import Native
import TestSupport
import Testing

@testable import Shared

/// Everything the holder of a lease can do.
enum HolderVerb: CaseIterable {
    case checkpoint, speak, waiting, ack, retryLater, release, failToDead

    @LoopActor func run(_ queue: RedisQueue, _ lease: Lease) async throws(QueueError) {
        switch self {
        case .checkpoint: try await queue.checkpoint(lease, ["step": "value"])
        case .speak:
            let speech = Speech(digest: "0011", keptFor: .seconds(60), asks: true)
            _ = try await queue.checkpoint(lease, ["step": "value"], saying: speech)
        case .waiting: _ = try await queue.waiting(behind: lease, limit: 5)
        case .ack: try await queue.ack(lease, remember: [[1]])
        case .retryLater: try await queue.retryLater(lease, after: .seconds(1), refund: true)
        case .release: try await queue.release(lease)
        case .failToDead: try await queue.failToDead(lease, reason: "test")
        }
    }
}

@Suite("Queue: a lost lease changes nothing", .onLoop)
@LoopActor struct QueueFencingTests {
    @Test(arguments: HolderVerb.allCases)
    func `a stale token is refused by every verb`(verb: HolderVerb) async throws {
        try await QueueFixture.with { fixture in
            for id in ["a", "b"] { _ = try await fixture.queue.enqueue(fixture.job(id)) }
            let stale = try await fixture.claimOne(lease: .zero)
            _ = try await fixture.queue.reap()
            let fresh = try await fixture.claimOne()
            #expect(fresh.token != stale.token && fresh.crashes == 1 && fresh.attempts == 1)
            let before = try await fixture.snapshot()
            await #expect(throws: QueueError.leaseLost) { try await verb.run(fixture.queue, stale) }
            #expect(try await fixture.snapshot() == before)
            try await verb.run(fixture.queue, fresh)
        }
    }

    /// But `speak`'s, which keeps the text's digest a little longer.
    @Test(arguments: HolderVerb.allCases.filter { $0 != .speak })
    func `a repeat of every verb changes nothing`(verb: HolderVerb) async throws {
        try await QueueFixture.with { fixture in
            for id in ["a", "b"] { _ = try await fixture.queue.enqueue(fixture.job(id)) }
            let lease = try await fixture.claimOne()
            try await verb.run(fixture.queue, lease)
            let after = try await fixture.snapshot()
            do throws(QueueError) { try await verb.run(fixture.queue, lease) } catch { #expect(error == .leaseLost) }
            #expect(try await fixture.snapshot() == after)
            #expect(try await fixture.audit().isEmpty)
        }
    }

    @Test func `a repeat of enqueue, reap and promote changes nothing`() async throws {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            for conversation in ["a", "b", "c"] { _ = try await queue.enqueue(fixture.job(conversation, conversation)) }
            _ = try await fixture.claim(1, lease: .zero)
            for lease in try await fixture.claim(1) { try await queue.retryLater(lease, after: .zero, refund: false) }
            _ = try await queue.enqueue(fixture.job("d", "d"))
            #expect(try await queue.reap() == 1)
            #expect(try await queue.promote() == 1)
            // The reaper keeps the time of its last pass.
            let after = try await fixture.snapshot().filter { !$0.key.hasSuffix("rp") }
            _ = try await queue.enqueue(fixture.job("d", "d"))
            _ = try await queue.reap()
            _ = try await queue.promote()
            #expect(try await fixture.snapshot().filter { !$0.key.hasSuffix("rp") } == after)
        }
    }

    @Test func `a claim that is repeated gives other groups, and both lots come back when their leases end`()
        async throws
    {
        try await QueueFixture.with { fixture in
            for id in 0..<4 { _ = try await fixture.queue.enqueue(fixture.job("j\(id)", "c\(id)")) }
            let first = try await fixture.claim(2, lease: .zero), second = try await fixture.claim(2, lease: .zero)
            #expect(Set(first.map(\.group)).isDisjoint(with: second.map(\.group)))
            #expect(try await fixture.queue.reap() == 4)
            #expect(try await fixture.claim().count == 4)
        }
    }

    @Test func `a heartbeat keeps a lease, also one that ran out unnoticed, and names the lost ones`() async throws {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            for id in ["a", "b"] { _ = try await queue.enqueue(fixture.job(id, id)) }
            let stale = try await fixture.claim(1, lease: .zero)[0]
            _ = try await queue.reap()
            let leases = try await fixture.claim(lease: .zero)
            #expect(leases.count == 2)
            #expect(try await queue.heartbeat(leases, on: 0, lease: .seconds(60)).isEmpty)
            #expect(try await queue.reap() == 0)
            #expect(try await queue.heartbeat([stale], on: 0, lease: .seconds(60)) == [stale.group])
            let unknown = try await queue.heartbeat(leases + [stale], on: 0, lease: .seconds(60))
            #expect(unknown == [stale.group])
        }
    }

    @Test func `tokens grow, also after all is forgotten`() async throws {
        try await QueueFixture.with { fixture in
            var last = 0
            for round in 0..<5 {
                for id in 0..<3 { _ = try await fixture.queue.enqueue(fixture.job("\(round)-\(id)", "c\(id)")) }
                for lease in try await fixture.claim() {
                    let token = try #require(Int(lease.token.rawValue))
                    #expect(token > last)
                    last = token
                    try await fixture.queue.ack(lease)
                }
            }
            #expect(last > 1_700_000_000_000_000)
        }
    }

    @Test func `what was recorded is there for the next holder and gone with the job`() async throws {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            for id in ["a", "b"] { _ = try await queue.enqueue(fixture.job(id)) }
            let first = try await fixture.claimOne(lease: .zero)
            try await queue.checkpoint(first, ["answer": "hello", "sent": "1"])
            try await queue.checkpoint(first, ["sent": "2"])
            _ = try await queue.reap()
            let second = try await fixture.claimOne()
            #expect(second.checkpoint == ["answer": "hello", "sent": "2"])
            try await queue.ack(second)
            #expect(try await fixture.claimOne().checkpoint.isEmpty)
        }
    }
}
