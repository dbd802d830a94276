import Native
import TestSupport
import Testing

@testable import Shared
@testable import Worker

@Suite("Messages that were answered before", .onLoop)
@LoopActor struct AnsweredBeforeTests {
    private func before(
        _ pool: PostgresPool = QuarantineFixture.noPostgres, dedupeLifetime: Duration = .seconds(86_400)
    ) -> AnsweredBefore {
        AnsweredBefore(messages: MessageStore(pool: pool), dedupeLifetime: dedupeLifetime, log: Log(level: .error))
    }

    private func message(_ id: String, age: Duration) throws -> InboundMessage {
        InboundMessage(
            tenant: "b", provider: .meta, address: try #require(ContactAddress(rawValue: "15550001111")),
            contactName: nil, messageID: id, kind: .text, text: "Hi",
            sentAt: WallTime(milliseconds: WallTime.now().milliseconds - Int64(age.milliseconds)))
    }

    private func record(_ id: String, _ status: InboundRow.Status, _ pool: PostgresPool) async throws {
        let row = InboundRow(
            provider: .meta, providerMessageID: id, jobID: "j" + id, kind: .text, status: status, acceptedAtMS: 1)
        try await MessageStore(pool: pool).record(
            Exchange(business: "b", contact: "15550001111", inbound: [row], replies: []))
    }

    @Test(
        arguments: [
            // The lifetime, the age, the recorded steps; is Postgres asked?
            (86_400, 3599, [:], false), (86_400, 3600, [:], true), (600, 539, [:], false), (600, 540, [:], true),
            // A clock that is ahead of ours.
            (600, -100, [:], false),
            (600, 5000, [Job.replayedStep: "1"], false), (600, 5000, ["sent.0": "baileys"], false),
        ] as [(Int, Int, [String: String], Bool)])
    func `only what is old, and what nobody has begun or replays, is asked for`(
        lifetime: Int, age: Int, steps: [String: String], isAsked: Bool
    ) {
        let now = WallTime(milliseconds: 1_763_650_000_000)
        let sentAt = WallTime(milliseconds: now.milliseconds - Int64(age) * 1000)
        let before = before(dedupeLifetime: .seconds(lifetime))
        #expect(before.isWorthAsking(sentAt, steps, now: now) == isAsked)
    }

    @Test func `an old message counts once its answer is in Postgres, an unanswered one and a new one do not`()
        async throws
    {
        try await withSchema { pool in
            try await BusinessStore(pool: pool).upsert(Business(id: "b", name: "B"))
            try await record("answered", .answered, pool)
            try await record("stored", .received, pool)
            let before = before(pool)
            for (id, age, isAnswered) in [
                ("answered", 7200, true), ("stored", 7200, false), ("new", 7200, false), ("answered", 60, false),
            ] {
                let holds = await before.holds(try message(id, age: .seconds(age)), steps: [:])
                #expect(holds == isAnswered, "\(id), \(age) s old")
            }
            let replayed = await before.holds(
                try message("answered", age: .seconds(7200)), steps: [Job.replayedStep: "1"])
            #expect(!replayed)
        }
    }

    @Test func `while Postgres is down an old message is answered`() async throws {
        let holds = await before().holds(try message("answered", age: .seconds(7200)), steps: [:])
        #expect(!holds)
    }
}
