import Native
import Shared
import Testing

@testable import CLI

@Suite("The operator's command lines")
struct OperateOptionsTests {
    @Test func `queues looks once, or again and again`() throws {
        var options = QueuesOptions()
        #expect(try Invocation(["queues"]) == .operate(.queues(options)))
        options.interval = 2
        options.isJSON = true
        #expect(try Invocation(["queues", "--watch", "--json"]) == .operate(.queues(options)))
        options.interval = 5
        options.data = "/d"
        #expect(
            try Invocation(["queues", "--json", "--watch", "--interval=5", "--data", "/d"])
                == .operate(.queues(options)))
    }

    @Test func `pause and resume name a queue or a business`() throws {
        #expect(
            try Invocation(["pause", "--queue", "broadcasts"])
                == .operate(.pause(PauseOptions(target: .lane(.broadcasts)))))
        #expect(
            try Invocation(["resume", "--business=b1"])
                == .operate(.resume(PauseOptions(target: .tenant(TenantID("b1"))))))
    }

    @Test func `dead jobs are named by id, by filter or all of them`() throws {
        var filter = DeadSelection.Filter()
        #expect(try Invocation(["dead", "list"]) == .operate(.dead(DeadOptions(.list(filter, limit: 100)))))
        #expect(try Invocation(["dead", "show", "j1"]) == .operate(.dead(DeadOptions(.show(id: "j1")))))
        filter.lane = .low
        filter.since = .ago(.seconds(7200))
        filter.reason = "AI"
        var discard = DeadOptions(.discard(.filter(filter, limit: 3)))
        discard.isConfirmed = true
        let words = ["discard", "--queue", "low", "--since=2h", "--reason", "AI", "--limit", "3", "--yes"]
        #expect(try Invocation(["dead"] + words) == .operate(.dead(discard)))
        #expect(
            try Invocation(["dead", "replay", "j1", "j2", "j1"])
                == .operate(.dead(DeadOptions(.replay(.ids(["j1", "j2"]))))))
        #expect(
            try Invocation(["dead", "replay", "--every"])
                == .operate(.dead(DeadOptions(.replay(.filter(DeadSelection.Filter(), limit: nil))))))
        #expect(
            try Invocation(["dead", "replay", "--", "--every"])
                == .operate(.dead(DeadOptions(.replay(.ids(["--every"]))))))
    }

    @Test(arguments: [
        (["queues", "--interval", "3"], "--interval goes with --watch"),
        (["queues", "default"], "unexpected argument “default”"),
        (["schedule"], "schedule needs list, or run NAME"),
        (["schedule", "run"], "schedule needs list, or run NAME"),
        (["schedule", "list", "gateway_health"], "schedule needs list, or run NAME"),
        (["pause"], "pause needs either --queue NAME or --business ID"),
        (["resume", "--queue", "low", "--business", "b"], "resume needs either --queue NAME or --business ID"),
        (["pause", "--business", "a|b"], "--business is \(TenantName.rule), not “a|b”"),
        (
            ["pause", "--queue", "bogus"],
            "there is no queue “bogus”; the queues are high, default, low, receipts, receipts_sync, maintenance, "
                + "recordings, broadcasts"
        ),
        (["dead"], "dead is followed by list, show, replay or discard"),
        (["dead", "show"], "dead show needs the id of one dead job"),
        (["dead", "list", "j1"], "unexpected argument “j1”"),
        (["dead", "list", "--since", "yesterday"], "--since is \(TimeArgument.rule), not “yesterday”"),
        (["dead", "replay"], "dead replay needs ids, a filter such as --queue NAME, or --every"),
        (["dead", "discard", "--limit", "3"], "dead discard needs ids, a filter such as --queue NAME, or --every"),
        (["dead", "discard", "j1", "--every"], "dead discard takes ids, a filter or --every, and only one of them"),
        (
            ["dead", "discard", "--queue=low", "--every"],
            "dead discard takes ids, a filter or --every, and only one of them"
        ),
        (["dead", "replay", "j1", "--limit=1"], "dead replay takes ids, a filter or --every, and only one of them"),
        (["dead", "replay", "-y", "j1"], "unexpected argument “-y”"),
    ])
    func `what is wrong is named`(words: [String], message: String) {
        #expect(throws: UsageError(message)) { try Invocation(words) }
    }

    @Test(arguments: [
        ("30s", 30), ("90m", 5400), ("2h", 7200), ("7d", 604_800), ("1w", 604_800),
    ])
    func `an age is counted back from now`(text: String, seconds: Int64) {
        let now = WallTime(milliseconds: 1_763_650_000_000)
        let expected = WallTime(milliseconds: now.milliseconds - seconds * 1000)
        #expect(TimeArgument(text)?.time(now: now) == expected)
    }

    @Test(arguments: [
        ("2025-11-20", 1_763_596_800_000), ("2025-11-20T14:46Z", 1_763_649_960_000),
        ("2025-11-20T14:46:40", 1_763_650_000_000), ("2025-11-20 14:46:40.123Z", 1_763_650_000_123),
        ("2025-11-20T16:46:40+02:00", 1_763_650_000_000), ("2025-11-20T09:16-05:30", 1_763_649_960_000),
        ("2024-02-29", 1_709_164_800_000),
    ])
    func `a time is read with its zone, else in UTC`(text: String, milliseconds: Int64) {
        #expect(TimeArgument(text) == .at(WallTime(milliseconds: milliseconds)))
    }

    @Test(arguments: [
        "", "h", "-2h", "+2h", "2", "2y", "1234567d", "2025-02-29", "2025-13-01", "2025-1-1", "20251120",
        "2025-11-20T", "2025-11-20T25:00", "2025-11-20T10", "2025-11-20T10:00:61", "2025-11-20T10:00.5",
        "2025-11-20T10:00+2", "2025-11-20T10:00+25:00", "2025-11-20T10:00:00.5Z", "١h",
    ])
    func `anything else is no time`(text: String) {
        #expect(TimeArgument(text) == nil)
    }

    @Test func `yes is said in so many words`() {
        #expect(["y", "Y", " yes ", "YES"].allSatisfy(Confirmation.isYes))
        #expect(!["", "n", "no", "yep", "yes please"].contains(where: Confirmation.isYes))
    }

    @Test func `every command has its help`() {
        for command in ["queues", "pause", "resume", "dead"] {
            #expect(Help.overview.contains("rejoinder \(command) "))
            #expect(Help.text(topic: command).hasPrefix("rejoinder \(command) "))
        }
    }

    @Test func `a conversation is taken for good or for a time, given back, or all are listed`() throws {
        func options(_ words: String...) throws -> HandoverOptions {
            guard case .operate(.handover(let options)) = try Invocation(["handover"] + words) else {
                throw UsageError("another command")
            }
            return options
        }
        #expect(try options("b", "15550001111").act == .take(business: "b", contact: "15550001111", minutes: nil))
        #expect(
            try options("b", "+15550001111", "--minutes", "5", "--json").act
                == .take(business: "b", contact: "15550001111", minutes: 5))
        #expect(try options("b", "77@lid", "--back").act == .back(business: "b", contact: "77@lid"))
        #expect(try options("list").act == .list(business: nil))
        #expect(try options("list", "--business", "b", "--json").isJSON)
        #expect(try options("list", "1").act == .take(business: "list", contact: "1", minutes: nil))
        for words in [
            [], ["b"], ["b", "1", "2"], ["b", "a b"], ["b c", "1"], ["b", "1", "--minutes", "0"],
            ["b", "1", "--back", "--minutes", "5"], ["list", "--back"], ["b", "1", "--business", "b"],
        ] {
            #expect(throws: UsageError.self, "\(words)") { try Invocation(["handover"] + words) }
        }
    }
}
