import Native
import Shared
import TestSupport
import Testing

@Suite("The queue, in an operator's hands", .onLoop, .serialized)
@LoopActor struct QueueCommandTests {
    private struct Seen {
        var depth = 0
        var inFlight = 0
        var isOldestKnown = false
        var paused = ""
        var businesses: [String] = []
        var isDeadKnown = false
        var workers = 0
        var finishedPerSecond = 0.0
    }

    private func look(_ line: String, at queue: String = "default") throws -> Seen {
        try JSON.read(Array(line.utf8)) { root in
            var seen = Seen()
            let state = root["queues"]?.items.first { $0["name"]?.string == queue }
            seen.depth = state?["depth"]?.int ?? -1
            seen.inFlight = state?["in_flight"]?.int ?? -1
            seen.isOldestKnown = state?["oldest_ms"]?.int != nil
            seen.paused = state?["paused"]?.string ?? ""
            seen.businesses = root["paused_businesses"]?.items.compactMap(\.string) ?? []
            seen.isDeadKnown = root["dead"]?.int != nil
            seen.finishedPerSecond = state?["finished_per_second"]?.double ?? -1
            seen.workers = root["workers"]?.int ?? 0
            return seen
        }
    }

    private func look(_ system: Installation, changing: [String: String] = [:]) async throws -> Seen {
        let command = try await system.run("queues", "--json", changing: changing)
        #expect(command.status == 0, "\(command.errors)")
        return try look(command.output.joined())
    }

    @Test func `messages to a paused queue wait, and are answered in order when it is resumed`() async throws {
        try await Installation.with { system in
            let pause = try await system.run("pause", "--queue", "default")
            #expect(pause.status == 0)
            #expect(pause.output == ["Queue default is paused: 0 jobs wait; those under way finish."])
            for number in 1...3 {
                for contact in ["15550001111", "15550002222"] {
                    let answer = try await system.post("n\(number).", from: contact, id: "\(contact)N\(number)")
                    #expect(answer.status == 200)
                }
            }
            let again = try await system.run("pause", "--queue", "default", "--json")
            #expect(again.output == [#"{"queue":"default","paused":true,"jobs":6}"#])
            let seen = try await look(system)
            #expect(seen.depth == 6 && seen.inFlight == 0 && seen.isOldestKnown && seen.paused == "yes")
            #expect(try await system.delivered().isEmpty)

            let resume = try await system.run("resume", "--queue", "default")
            #expect(resume.status == 0)
            let texts = try await system.delivered(6)
            for (_, own) in Dictionary(grouping: texts, by: \.contact) {
                #expect(own.enumerated().allSatisfy { $1.text.contains("n\($0 + 1).") } && own.count == 3)
            }
            try await system.quiet()
            let after = try await look(system)
            #expect(after.depth == 0 && after.paused == "no" && after.isDeadKnown)
            try await poll(within: .seconds(20), "the worker to tell how fast it was") {
                try await self.look(system).finishedPerSecond > 0 ? true : nil
            }
        }
    }

    @Test func `a paused business waits, and one that nobody knows is a mistake`() async throws {
        try await Installation.with { system in
            let unknown = try await system.run("pause", "--business", "nobody")
            #expect(unknown.status == 1 && unknown.errors == ["rejoinder: there is no business nobody"])
            let pause = try await system.run("pause", "--business", Installation.business)
            #expect(pause.status == 0)
            try await system.post("hello", from: "15550001111", id: "P1")
            let seen = try await look(system)
            #expect(seen.businesses == [Installation.business] && seen.depth == 1)
            let closed = ["DATABASE_URL": "postgres://127.0.0.1:9/none"]
            let resume = try await system.run("resume", "--business", Installation.business, changing: closed)
            #expect(resume.status == 0 && resume.errors.first?.hasSuffix("going on") == true)
            try await system.delivered(1, to: "15550001111")
        }
    }

    @Test func `the queues can be watched, also without the database, and Ctrl-C ends it`() async throws {
        try await Installation.with { system in
            let closed = ["DATABASE_URL": "postgres://127.0.0.1:9/none"]
            let watch = try OperatorCommandUnderTest(
                ["queues", "--watch", "--interval", "1", "--json"], system.environment.merging(closed) { $1 })
            try await poll(within: .seconds(30), "two looks") { watch.output.count >= 2 ? true : nil }
            watch.signal(.interrupt)
            #expect(try await watch.status() == 0)
            let seen = try look(watch.output[1])
            #expect(!seen.isDeadKnown && seen.workers == 1)
            let table = try await system.run("queues")
            #expect(table.status == 0 && table.output.first?.hasPrefix("QUEUE ") == true)
            #expect(table.output.contains { $0.hasPrefix("Delayed: 0   In quarantine: 0   Dead: 0   Workers: 1") })
            system.redis.stop()
            let down = try await system.run("queues")
            #expect(down.status == 1 && down.errors.first?.hasPrefix("rejoinder: Redis cannot be reached") == true)
            try await system.redis.restart()
        }
    }
}
