import Native
import TestSupport
import Testing

@testable import Shared

@Suite("Handover, and what the bot may say", .onLoop)
@LoopActor struct HandoverTests {
    private let tenant = TenantID("t"), dana = ConversationID("15550001111")

    private func group(_ conversation: String = "15550001111") throws -> JobGroup {
        try JobGroup(lane: .default, tenant: tenant, conversation: ConversationID(conversation), job: JobID("j"))
    }

    private func lease(_ fixture: QueueFixture) async throws -> Lease {
        _ = try await fixture.queue.enqueue(fixture.job("j", dana.rawValue))
        return try await fixture.claimOne()
    }

    private func steps(of lease: Lease, _ fixture: QueueFixture) async throws -> [String] {
        let key = fixture.queue.keys(of: 0).steps(lease.job.id)
        return try await fixture.client.send(RedisCommand("HGETALL", key)).items?.compactMap(\.text) ?? []
    }

    private func speech(asks: Bool = true) -> Speech { Speech(digest: "0011", keptFor: .seconds(60), asks: asks) }

    private func lifetime(_ fixture: QueueFixture, _ key: String) async throws -> Int {
        try await fixture.client.send(RedisCommand("PTTL", key)).int ?? 0
    }

    @Test func `a conversation is taken until it is given back`() async throws {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            let before = try await queue.handover(of: dana, tenant)
            #expect(before == nil)
            let taken = try await queue.handOver(dana, of: tenant, to: .operator, for: nil, replaces: true)
            #expect(taken == Handover(cause: .operator, left: nil))
            let left = try await lifetime(fixture, queue.keys(of: 0).human(group()))
            #expect(left == -1)
            #expect(try await queue.admit(group(), JobID("a"), most: 20) == .taken(taken))
            try await queue.handBack(dana, of: tenant)
            try await queue.handBack(dana, of: tenant)
            let after = try await queue.handover(of: dana, tenant)
            #expect(after == nil)
            #expect(try await queue.admit(group(), JobID("a"), most: 20) == .go)
        }
    }

    @Test func `a quiet time ends by itself, and never shortens what lasts longer`() async throws {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            func take(_ cause: Handover.Cause, _ duration: Duration?, replaces: Bool = false) async throws -> Handover {
                try await queue.handOver(dana, of: tenant, to: cause, for: duration, replaces: replaces)
            }
            let first = try await take(.phone, .seconds(60))
            #expect(first.cause == .phone && first.left! <= .seconds(60) && first.left! > .seconds(30))
            let longer = try await take(.phone, .seconds(600))
            #expect(longer.left! > .seconds(300))
            let shorter = try await take(.phone, .seconds(60))
            #expect(shorter.left! > .seconds(300))
            let forGood = try await take(.operator, nil)
            #expect(forGood.left == nil)
            let quiet = try await take(.phone, .seconds(600))
            #expect(quiet == Handover(cause: .operator, left: nil))
            let replaced = try await take(.operator, .seconds(60), replaces: true)
            #expect(replaced.left! <= .seconds(60))
            let short = try await take(.operator, .milliseconds(1), replaces: true)
            #expect(short.cause == .operator)
            try await eventually { try await queue.handover(of: dana, tenant) == nil }
        }
    }

    @Test func `an operator sees every conversation that was taken`() async throws {
        try await QueueFixture.with(shards: 16) { fixture in
            for number in 10..<40 {
                try await fixture.queue.handOver(
                    ConversationID("1555000\(number)"), of: TenantID(number < 20 ? "a" : "b"), to: .operator, for: nil,
                    replaces: true)
            }
            let all = try await fixture.queue.handovers()
            #expect(Set(all.map(\.conversation.rawValue)) == Set((10..<40).map { "1555000\($0)" }))
            #expect(all.count { $0.tenant == TenantID("a") } == 10)
        }
    }

    @Test func `so many replies a minute are counted over all workers, each job once`() async throws {
        try await QueueFixture.with { fixture in
            func admit(_ job: String, _ most: Int = 3, _ conversation: String = "15550001111") async throws
                -> RedisQueue.Admission
            {
                try await fixture.queue.admit(group(conversation), JobID(job), most: most)
            }
            for job in ["a", "b", "a", "c", "b"] { #expect(try await admit(job) == .go) }
            #expect(try await admit("d") == .tooMany(isFirst: true))
            #expect(try await admit("d") == .tooMany(isFirst: false))
            #expect(try await admit("e") == .tooMany(isFirst: false))
            #expect(try await admit("a") == .go)
            #expect(try await admit("f", 4) == .go)
            #expect(try await admit("g", 0) == .go)
            #expect(try await admit("d", 3, "15550002222") == .go)
            let left = try await lifetime(fixture, fixture.queue.keys(of: 0).replies(group()))
            #expect((1...60_000).contains(left))
        }
    }

    @Test func `a window that has passed counts no more`() async throws {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            func admit(_ job: String) async throws -> RedisQueue.Admission {
                try await queue.admit(group(), JobID(job), most: 1, in: .milliseconds(50))
            }
            #expect(try await admit("a") == .go)
            try await eventually { try await admit("b") == .go }
        }
    }

    @Test func `a text is known as ours from before it is sent on, in its conversation only`() async throws {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            let before = try await queue.hasSaid("0011", to: dana, of: tenant)
            #expect(!before)
            let lease = try await lease(fixture)
            let silence = try await queue.checkpoint(lease, ["send": "1"], saying: speech())
            #expect(silence == nil)
            #expect(try await queue.hasSaid("0011", to: dana, of: tenant))
            #expect(try await steps(of: lease, fixture) == ["send", "1"])
            let other = try await queue.hasSaid("0022", to: dana, of: tenant)
            let elsewhere = try await queue.hasSaid("0011", to: ConversationID("15550002222"), of: tenant)
            let others = try await queue.hasSaid("0011", to: dana, of: TenantID("u"))
            #expect(!other && !elsewhere && !others)
            let left = try await lifetime(fixture, queue.keys(of: 0).said(group()))
            #expect((1...60_000).contains(left))
        }
    }

    @Test func `nothing is said over a person, but what has begun is said to its end`() async throws {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            let taken = try await queue.handOver(dana, of: tenant, to: .operator, for: nil, replaces: true)
            let lease = try await lease(fixture)
            let silence = try await queue.checkpoint(lease, ["send": "1"], saying: speech())
            #expect(silence == taken)
            let unsaid = try await queue.hasSaid("0011", to: dana, of: tenant),
                unrecorded = try await steps(of: lease, fixture)
            #expect(!unsaid && unrecorded == [])
            let rest = try await queue.checkpoint(lease, ["send": "2"], saying: speech(asks: false))
            #expect(rest == nil)
            #expect(try await steps(of: lease, fixture) == ["send", "2"])
        }
    }

    @Test func `texts kept of a conversation are bounded`() async throws {
        try await QueueFixture.with { fixture in
            let lease = try await lease(fixture)
            for number in 0..<600 {
                let speech = Speech(digest: "\(number)", keptFor: .seconds(60 + number), asks: false)
                _ = try await fixture.queue.checkpoint(lease, ["send": "1"], saying: speech)
            }
            let kept = try await fixture.client.send(RedisCommand("ZCARD", fixture.queue.keys(of: 0).said(group()))).int
            #expect(kept == 500)
            #expect(try await fixture.queue.hasSaid("599", to: dana, of: tenant))
        }
    }
}
