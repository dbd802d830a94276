import Native
import Shared
import TestSupport
import Testing

@testable import CLI

@Suite("Replay and discard", .onLoop)
@LoopActor struct DeadReplayTests {
    private struct Fixture {
        let store: DeadJobStore
        let queue: RedisQueue
        let client: RedisClient
        var replay: DeadReplay { DeadReplay(store: store, queue: queue) }
    }

    private func with(
        _ options: RedisQueue.Options = .init(), _ body: @LoopActor (Fixture) async throws -> Void
    ) async throws {
        try await RedisServer.withClient { _, client in
            try await withSchema { pool in
                let queue = RedisQueue(client: client, sharding: Sharding(count: 1), options: options)
                try await body(Fixture(store: DeadJobStore(pool: pool), queue: queue, client: client))
            }
        }
    }

    private func dead(_ id: String, diedAt: Int64 = 1_000, queue: String = "default") -> DeadJob {
        DeadJob(
            id: id, business: "b", conversation: "c-\(id)", queue: queue, name: "test", version: 3, payload: "{}",
            steps: ["reply": "Yes."], reason: "ai: 400", attempts: 2, diedAt: WallTime(milliseconds: diedAt))
    }

    private func depth(_ fixture: Fixture) async throws -> Int {
        try await fixture.queue.inspect().lanes.values.reduce(0) { $0 + $1.depth }
    }

    @Test func `a job goes back into its queue with its steps, and its row is marked`() async throws {
        try await with { fixture in
            try await fixture.store.upsert(dead("j1", queue: "low"))
            let found = try #require(try await fixture.store.get("j1"))
            let outcome = await fixture.replay.replay(found, at: WallTime(milliseconds: 2_000))
            #expect(outcome == .replayed)
            let seen = try await fixture.queue.inspect()
            #expect(seen[.low].depth == 1)
            let key = fixture.queue.keys(of: 0).steps(JobID("j1"))
            let steps = try await fixture.client.send(RedisCommand("HGETALL", key)).items?.compactMap(\.text) ?? []
            #expect(Set(steps) == ["reply", "Yes.", "replayed", "2000"])
            let row = try await fixture.store.get("j1")
            #expect(row?.replayedAt == WallTime(milliseconds: 2_000))
            let again = await fixture.replay.replay(try #require(row))
            #expect(again == .replayedBefore)
        }
    }

    @Test func `of many operators at once only one puts it back`() async throws {
        try await with { fixture in
            let job = dead("j1")
            try await fixture.store.upsert(job)
            let outcomes = await outcomesAtOnce(5) { _ in await fixture.replay.replay(job) }
            let all = try outcomes.map { try $0.get() }
            #expect(all == Array(repeating: .replayed, count: 5))
            let depth = try await depth(fixture)
            #expect(depth == 1)
        }
    }

    @Test func `after a crash between queue and row the same replay marks the row and enqueues nothing`() async throws {
        try await with { fixture in
            let job = dead("j1")
            try await fixture.store.upsert(job)
            let first = try await fixture.queue.replay(try #require(job.job), steps: [:], dedupe: job.death)
            #expect(first == .accepted)
            let outcome = await fixture.replay.replay(job), depth = try await depth(fixture)
            #expect(outcome == .replayed && depth == 1)
            let waiting = try await fixture.store.count()
            #expect(waiting == 0)
        }
    }

    @Test func `a job that died again after it was listed stays visible, and can be replayed again`() async throws {
        try await with { fixture in
            let first = dead("j1"), second = dead("j1", diedAt: 5_000)
            try await fixture.store.upsert(first)
            try await fixture.store.upsert(second)
            let outcome = await fixture.replay.replay(first), waiting = try await fixture.store.list()
            #expect(outcome == .replayed && waiting == [second])
            let again = await fixture.replay.replay(second, at: WallTime(milliseconds: 6_000))
            let depth = try await depth(fixture), left = try await fixture.store.count()
            // It still waits in its group: it is not put there twice, and stays in sight.
            #expect(again == .standing && depth == 1 && left == 1)
        }
    }

    @Test func `where there is no room the job stays dead, and the limit is named`() async throws {
        var options = RedisQueue.Options()
        options.tenantLength = 1
        try await with(options) { fixture in
            for id in ["j1", "j2"] { try await fixture.store.upsert(dead(id)) }
            let first = await fixture.replay.replay(dead("j1")), second = await fixture.replay.replay(dead("j2"))
            #expect(first == .replayed && second == .full(.tenant))
            let waiting = try await fixture.store.list()
            #expect(waiting.map(\.id) == ["j2"])
            #expect(DeadOutcome(id: "j2", kind: second).isFailure)
        }
    }

    @Test func `a job of an unknown queue or of no business cannot be put back`() async throws {
        try await with { fixture in
            var nobodys = dead("j1")
            nobodys.business = nil
            for job in [nobodys, dead("j2", queue: "bogus")] {
                let kind = await fixture.replay.replay(job)
                #expect(DeadOutcome(id: job.id, kind: kind).isFailure)
            }
            let depth = try await depth(fixture)
            #expect(depth == 0)
        }
    }

    @LoopActor private final class Heard {
        var questions: [String] = []
        var reports: [DeadOutcome] = []
        var acted: [String] = []
    }

    /// What `words` after `dead discard` or `dead replay` come to.
    private func change(
        _ words: [String], _ fixture: Fixture, _ heard: Heard, isGiven: Bool = true,
        act: @escaping @LoopActor (DeadJob) async -> DeadOutcome.Kind = { _ in .discarded }
    ) async throws -> DeadChange.Result {
        let selection: DeadSelection
        let verb: DeadChange.Verb
        switch try DeadOptions(words).action {
        case .discard(let chosen): (verb, selection) = (.discard, chosen)
        case .replay(let chosen): (verb, selection) = (.replay, chosen)
        case .list, .show: preconditionFailure("\(words) changes nothing")
        }
        let change = DeadChange(
            verb: verb, selection: selection, store: fixture.store,
            act: { job in
                heard.acted.append(job.id)
                return await act(job)
            },
            confirm: { question in
                heard.questions.append(question)
                return isGiven
            },
            isEnded: { false }, report: { heard.reports.append($0) })
        return try await change.run()
    }

    @Test func `a discard is asked for and of many a replay too, and a no changes nothing`() async throws {
        try await with { fixture in
            for number in 1...3 { try await fixture.store.upsert(dead("j\(number)")) }
            let heard = Heard()
            for words in [
                ["discard", "j1"], ["discard", "--every"], ["replay", "j1", "j2"], ["replay", "--queue", "default"],
            ] {
                let result = try await change(words, fixture, heard, isGiven: false)
                #expect(result == .declined)
            }
            #expect(
                heard.questions == [
                    "Discard 1 dead job for good?", "Discard 3 dead jobs for good?", "Replay 2 dead jobs?",
                    "Replay 3 dead jobs?",
                ])
            #expect(heard.acted.isEmpty)
            let one = try await change(["replay", "j1"], fixture, heard, isGiven: false)
            #expect(one == .ended([DeadOutcome(id: "j1", kind: .discarded)], total: 1))
            #expect(heard.questions.count == 4)
        }
    }

    @Test func `a filter takes what fits, latest first, page by page, and what dies meanwhile is left`() async throws {
        try await with { fixture in
            for number in 1...450 { try await fixture.store.upsert(dead("j\(number)", diedAt: Int64(number))) }
            try await fixture.store.upsert(dead("other", queue: "low"))
            let heard = Heard(), store = fixture.store
            var late = dead("late")
            late.diedAt = WallTime(milliseconds: WallTime.now().milliseconds + 60_000)
            let result = try await change(["discard", "--queue", "default"], fixture, heard) { job in
                if job.id == "j450" { try? await store.upsert(late) }
                return (try? await store.discard(job)) == true ? .discarded : .changed
            }
            #expect(heard.acted == (1...450).reversed().map { "j\($0)" })
            guard case .ended(let outcomes, 450) = result else { throw Unexpected() }
            #expect(outcomes.allSatisfy { !$0.isFailure })
            let left = try await store.list()
            #expect(left.map(\.id) == ["late", "other"])
            let few = try await change(["discard", "--every", "--limit", "1"], fixture, heard)
            #expect(few == .ended([DeadOutcome(id: "other", kind: .discarded)], total: 1))
        }
    }

    @Test func `one that is unknown is told, and a server that is gone ends it`() async throws {
        try await with { fixture in
            for number in 1...3 { try await fixture.store.upsert(dead("j\(number)")) }
            let heard = Heard()
            let unknown = try await change(["discard", "j0", "j1"], fixture, heard)
            let expected = [DeadOutcome(id: "j0", kind: .unknown), DeadOutcome(id: "j1", kind: .discarded)]
            #expect(unknown == .ended(expected, total: 2))
            #expect(heard.reports == expected)
            let outage = try await change(["replay", "--every"], fixture, heard) { _ in .failed("gone", isOutage: true)
            }
            #expect(outage == .ended([DeadOutcome(id: "j3", kind: .failed("gone", isOutage: true))], total: 3))
        }
    }

    private struct Unexpected: Error {}
}
