import Native
import Shared
import TestSupport
import Testing

@Suite("The whole way of a message", .onLoop, .serialized)
@LoopActor struct MainPathTests {
    @Test func `a posted message comes back as a sent reply with its rows in Postgres`() async throws {
        try await Installation.with { system in
            let answer = try await system.post("Hi there", from: "15550001111", id: "3EB0A1")
            #expect(answer.status == 200)
            #expect(
                String(decoding: answer.body, as: UTF8.self) == #"{"ok":true,"accepted":1,"duplicates":0,"ignored":0}"#)
            let texts = try await system.delivered(1, to: "15550001111")
            #expect(texts.count == 1 && texts[0].provider == "baileys")
            #expect(texts[0].text.contains("Hi there"))
            #expect(texts[0].id.hasPrefix("3EB0") && texts[0].id.count == 22)
            try await system.quiet()
            let pool = PostgresPool(url: system.database)
            pool.start()
            try await pool.waitUntilReady(within: .seconds(5))
            let rows = try await pool.query(
                "SELECT direction, provider, kind, body, attempts FROM messages ORDER BY id")
            #expect(rows.map { $0.optionalString("direction") } == ["in", "out"])
            #expect(rows.map { $0.optionalString("provider") } == ["baileys", "baileys"])
            #expect(rows.last?.optionalString("body") == texts[0].text)
            await pool.close()
        }
    }

    @Test func `on a Redis Cluster of one node the same message gets the same reply`() async throws {
        var options = Installation.Options()
        options.redis.isCluster = true
        try await Installation.with(options) { system in
            try await system.post("Hi there", from: "15550001111", id: "3EB0A1")
            let texts = try await system.delivered(1, to: "15550001111")
            #expect(texts[0].text.contains("Hi there"))
            try await system.quiet()
        }
    }

    @Test func `a hundred copies of one webhook at once make one job and one reply`() async throws {
        try await Installation.with { system in
            let answers = try await atOnce(100) { _ in try await system.post("once", from: "15550001111", id: "SAME") }
            #expect(answers.allSatisfy { $0.status == 200 })
            let accepted = try answers.map { try JSON.read($0.body) { $0["accepted"]?.int ?? 0 } }.reduce(0, +)
            #expect(accepted == 1)
            try await system.delivered(1)
            try await system.quiet()
            #expect(try await system.delivered().count == 1)
        }
    }

    @Test func `a message that comes again after the dedupe time gets no second reply`() async throws {
        var options = Installation.Options()
        options.environment = ["DEDUPE_TTL_SECONDS": "1"]
        options.environment.merge(Installation.senders) { $1 }
        try await Installation.with(options) { system in
            try await system.put(Installation.business, [.baileys]) { $0.metaPhoneNumberID = "1" }
            func post(_ id: String) async throws -> Bool {
                let answer = try await system.meta("late one", to: "1", from: "15550001111", id: id, age: 3600)
                return String(decoding: answer.body, as: UTF8.self).contains(#""accepted":1"#)
            }
            #expect(try await post("wamid.A"))
            try await system.delivered(1)
            try await system.quiet()
            try await poll(within: .seconds(20), "the message to be forgotten") {
                try await post("wamid.A") ? true : nil
            }
            try await system.workers[0].line(containing: "Answered before")
            #expect(try await post("wamid.B"))
            try await system.delivered(2)
            try await system.quiet()
            #expect(try await system.delivered().count == 2)
        }
    }

    @Test func `messages of a conversation are answered in their order`() async throws {
        try await Installation.with { system in
            for number in 1...10 {
                #expect(try await system.post("number \(number).", from: "15550001111", id: "N\(number)").status == 200)
            }
            let texts = try await system.delivered(10, to: "15550001111", within: .seconds(30))
            #expect(texts.enumerated().allSatisfy { $1.text.contains("number \($0 + 1).") })
        }
    }

    @Test func `while Redis is down the answer is 503 within a second, and afterwards it works again`() async throws {
        try await Installation.with { system in
            system.redis.stop()
            let start = MonotonicInstant.now()
            let answer = try await system.post("lost?", from: "15550001111", id: "R1")
            #expect(answer.status == 503)
            #expect(answer.header("Retry-After") != nil)
            #expect(String(decoding: answer.body, as: UTF8.self).contains("Job queue temporarily unavailable"))
            #expect(MonotonicInstant.now() - start < .seconds(1))
            #expect(try await system.get("/health/ready").status == 503)
            #expect(try await system.get("/health/live").status == 200)
            try await system.redis.restart()
            try await poll(within: .seconds(10), "the API to accept again") {
                try await system.post("back", from: "15550001111", id: "R2").status == 200 ? true : nil
            }
            try await system.delivered(1, to: "15550001111")
        }
    }

    @Test func `a worker's death with jobs in hand leaves each answered once`() async throws {
        var options = Installation.Options()
        options.workers = 2
        options.environment = ["JOB_LEASE_SECONDS": "3"]
        options.simulatorArguments = ["--ai-latency-ms", "300", "--gateway-latency-ms", "100"]
        try await Installation.with(options) { system in
            for contact in 0..<40 {
                for number in 1...2 {
                    let answer = try await poll(within: .seconds(20), "the API to take it") {
                        let answer = try await system.post(
                            "n\(number)", from: "1555000\(1000 + contact)", id: "C\(contact)N\(number)")
                        // As a sender does: Redis may take longer than a second on a busy machine.
                        return answer.status == 503 ? nil : answer.status
                    }
                    #expect(answer == 200)
                }
            }
            try await system.delivered(20)
            await system.workers[0].kill()
            let texts = try await system.delivered(80, within: .seconds(60))
            try await system.quiet(within: .seconds(30))
            let after = try await system.delivered()
            #expect(
                after.count == 80 && texts.count == 80,
                "\(Dictionary(grouping: after, by: \.contact).values.filter { $0.count != 2 })")
            #expect(Set(after.map(\.id)).count == 80)
            for (_, own) in Dictionary(grouping: after, by: \.contact) {
                #expect(own.map { $0.text.contains("n1") } == [true, false])
            }
        }
    }

    @Test func `a worker that stops finishes what it holds, also where shards gave the same tokens`() async throws {
        try await Installation.with { system in
            // As two servers of a cluster may: each shard counts for itself.
            let client = try await system.redis.client()
            defer { client.close() }
            let ahead = String(WallTime.now().milliseconds * 1000 + 3_600_000_000)
            for shard in 0..<Sharding().count {
                _ = try await client.send(RedisCommand("SET", ShardKeys(shard: shard).lastToken, ahead))
            }
            try await system.fault(#"{"ai":{"mode":"ok","latency_ms":4000}}"#)
            try await system.post("slow", from: "15550002000", id: "S0")
            try await poll(within: .seconds(20), "the AI to be asked") {
                let statistics = try await system.call("GET", system.simulator, "/simulator/stats")
                return try JSON.read(statistics.body) { $0["ai"]?["calls"]?.int } == 1 ? true : nil
            }
            try await system.fault(#"{"ai":{"mode":"ok","latency_ms":1}}"#)
            for contact in 1..<8 { try await system.post("fast", from: "1555000\(2000 + contact)", id: "S\(contact)") }
            try await system.delivered(7)
            system.workers[0].signal(.terminate)
            _ = try await system.workers[0].exit()
            #expect(try await system.delivered().count == 8)
        }
    }

    @Test func `a gateway that hangs gets a second attempt, then Twilio sends`() async throws {
        var options = Installation.Options()
        options.environment = ["BAILEYS_TIMEOUT_SECONDS": "1"]
        try await Installation.with(options) { system in
            try await system.fault(#"{"gateway":{"mode":"hang"}}"#)
            try await system.post("hello", from: "15550001111", id: "H1")
            let texts = try await system.delivered(1, to: "15550001111", within: .seconds(60))
            #expect(texts[0].provider == "twilio")
            let sent = try await system.workers[0].line(containing: "reply_sent")
            #expect(sent.contains(#""provider":"twilio""#) && sent.contains(#""attempts":3"#))
        }
    }

    @Test func `an AI that hangs gets the fallback text out at its limit, and its late answer follows`() async throws {
        var options = Installation.Options()
        options.environment = ["AI_TIMEOUT_SECONDS": "1"]
        options.simulatorArguments = ["--ai-latency-ms", "2500"]
        try await Installation.with(options) { system in
            try await system.post("slow question", from: "15550001111", id: "A1")
            let texts = try await system.delivered(2, to: "15550001111")
            #expect(texts[0].text.hasPrefix("I'm processing your request."))
            #expect(texts[1].text.contains("slow question"))
            try await system.workers[0].line(containing: "ai_timeout")
        }
    }

    @Test func `a business that wants no late answers sends the fallback text only, and no dead job is left`()
        async throws
    {
        var options = Installation.Options()
        options.environment = ["AI_TIMEOUT_SECONDS": "1"]
        options.simulatorArguments = ["--ai-latency-ms", "2500"]
        try await Installation.with(options) { system in
            try await system.put("brief", [.baileys]) { $0.followUp = false }
            try await system.post("slow question", from: "15550001111", id: "A1", to: "brief")
            let texts = try await system.delivered(1, to: "15550001111")
            #expect(texts[0].text.hasPrefix("I'm processing your request."))
            try await system.quiet()
            #expect(try await system.delivered().count == 1)
            #expect(try await system.run("dead", "list").output == ["No dead job."])
        }
    }

    @Test func `an AI that fails at once gets the fallback text out, and the answer follows when it is back`()
        async throws
    {
        var options = Installation.Options()
        options.environment = ["AI_TIMEOUT_SECONDS": "2", "AI_FOLLOW_UP_SECONDS": "1"]
        try await Installation.with(options) { system in
            try await system.fault(#"{"ai":{"mode":"rate_limited"}}"#)
            try await system.post("hello", from: "15550001111", id: "F1")
            let stopGap = try await system.delivered(1, to: "15550001111")
            #expect(stopGap[0].text.hasPrefix("I'm processing your request."))
            _ = try await system.call("DELETE", system.simulator, "/simulator/faults")
            let texts = try await system.delivered(2, to: "15550001111", within: .seconds(40))
            #expect(texts[1].text.contains("hello"))
            try await system.quiet()
            #expect(try await system.delivered().count == 2)
        }
    }

    @Test func `an AI that refuses for good gets an apology out once, and leaves a dead job`() async throws {
        var options = Installation.Options()
        options.environment = ["AI_URL": "http://127.0.0.1:9/none"]
        options.environment["AI_TIMEOUT_SECONDS"] = "1"
        options.environment["AI_FOLLOW_UP_SECONDS"] = "1"
        options.environment["JOB_ATTEMPTS"] = "2"
        try await Installation.with(options) { system in
            try await system.post("hello", from: "15550001111", id: "D1")
            try await system.workers[0].line(containing: "job_dead", within: .seconds(40))
            try await system.quiet()
            #expect(try await system.delivered().count == 1)
            let pool = PostgresPool(url: system.database)
            pool.start()
            try await pool.waitUntilReady(within: .seconds(5))
            let dead = try await pool.query("SELECT reason, attempts FROM dead_jobs")
            #expect(dead.map { $0.optionalInt("attempts") } == [2])
            let rows = try await pool.query("SELECT direction, kind FROM messages ORDER BY direction")
            #expect(rows.map { $0.optionalString("kind") } == ["text", "fallback"])
            #expect(try await pool.query("SELECT stage FROM processing_errors").count == 1)
            await pool.close()
        }
    }

    @Test func `while Postgres is down replies go out, and their rows follow once`() async throws {
        let postgres = try await PostgresServer.launch()
        var options = Installation.Options()
        options.postgres = postgres
        try await Installation.with(options) { system in
            try await system.post("before", from: "15550001111", id: "P0")
            try await system.delivered(1)
            try await system.quiet()
            try await postgres.stop()
            for number in 1...5 { try await system.post("n\(number)", from: "15550001111", id: "P\(number)") }
            let texts = try await system.delivered(6, to: "15550001111", within: .seconds(60))
            #expect(texts.last?.text.contains("n5") == true)
            try await postgres.start()
            try await system.quiet(within: .seconds(60))
            let pool = PostgresPool(url: system.database)
            pool.start()
            try await pool.waitUntilReady(within: .seconds(10))
            // Not the first message's: this server commits without waiting for its disk, and was stopped as by a crash.
            let rows = try await pool.query(
                "SELECT body FROM messages WHERE direction = 'in' AND body ~ '^n' ORDER BY id")
            #expect(rows.map { $0.optionalString("body") } == ["n1", "n2", "n3", "n4", "n5"])
            let replies = try await pool.query(
                "SELECT count(*) AS n FROM messages WHERE direction = 'out' AND body ~ ': n'")
            #expect(replies[0].int("n") == 5)
            await pool.close()
        }
        try await postgres.stop()
    }
}
