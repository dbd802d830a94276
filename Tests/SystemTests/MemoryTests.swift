import Foundation
import Native
import Shared
import TestSupport
import Testing

/// The stand-in AI tells what it was told before when it is asked to `recall`.
@Suite("The memory of conversations", .onLoop, .serialized)
@LoopActor struct MemoryTests {
    private static let own = "\n\nI am the simulator's AI, and this is message"

    /// Posts a message and waits for its answer.
    @discardableResult
    private func say(
        _ text: String, _ id: String, from contact: String, to business: String = Installation.business,
        _ system: Installation
    ) async throws -> String {
        let before = try await system.delivered(to: contact).count
        try await system.post(text, from: contact, id: id, to: business)
        let texts = try await system.delivered(before + 1, to: contact, within: .seconds(30))
        try await system.quiet()
        return texts[before].text
    }

    private func put(_ business: Business, _ system: Installation) async throws {
        let pool = PostgresPool(url: system.database)
        pool.start()
        try await pool.waitUntilReady(within: .seconds(10))
        try await BusinessStore(pool: pool).upsert(business)
        await pool.close()
    }

    /// Takes away every memory, as a Redis does that comes back empty.
    private func forget(_ system: Installation) async throws {
        let client = try await system.redis.client()
        defer { client.close() }
        let keys = try await client.send(RedisCommand("KEYS", "rj:*:h:*")).items?.compactMap(\.text) ?? []
        #expect(!keys.isEmpty)
        for key in keys { _ = try await client.send(RedisCommand("DEL", key)) }
    }

    private static let contact = "15550001111"

    @Test func `it outlives workers, and Postgres tells it again where Redis has lost it`() async throws {
        try await Installation.with { system in
            let contact = Self.contact
            try await say("my name is Dana", "M1", from: contact, system)
            await system.workers[0].kill()
            try system.replaceEndedWorkers()
            let told =
                "user: my name is Dana | assistant: You said: my name is Dana" + Self.own + " 1 I see from you."
            #expect(try await say("recall", "M2", from: contact, system) == "I recall: " + told)
            try await forget(system)
            let second = told + " | user: recall | assistant: I recall: " + told
            #expect(try await say("recall", "M3", from: contact, system) == "I recall: " + second)
            // Kept again, and once.
            let third = second + " | user: recall | assistant: I recall: " + second
            #expect(try await say("recall", "M4", from: contact, system) == "I recall: " + third)
        }
    }

    @Test func `no conversation is told another one's lines`() async throws {
        try await Installation.with { system in
            // Businesses and contacts whose names run into each other.
            let businesses = ["b", "b1", "B", Installation.business]
            let contacts = ["1555000", "11555000", "15550001", "5550001"]
            for business in businesses { try await put(Business(id: business, name: business), system) }
            for business in businesses {
                for contact in contacts {
                    // The same ids in all of them.
                    try await system.post("\(business) says \(contact)", from: contact, id: "SAME", to: business)
                }
            }
            try await system.delivered(16, within: .seconds(40))
            try await system.quiet()
            for business in businesses {
                for contact in contacts {
                    let answer = try await say("recall", "RECALL", from: contact, to: business, system)
                    let words = "\(business) says \(contact)"
                    #expect(
                        answer
                            == "I recall: user: \(words) | assistant: You said: \(words)\(Self.own) 1 I see from you.")
                }
            }
        }
    }

    @Test func `what was stored and not answered is remembered`() async throws {
        var options = Installation.Options()
        options.environment = ["BUSINESS_CACHE_SECONDS": "1"]
        try await Installation.with(options) { system in
            let contact = Self.contact
            try await put(Business(id: Installation.business, name: "Test", status: .paused), system)
            try await poll(within: .seconds(20), "a message that is not answered") {
                let id = "P\(Int.random(in: 0..<1_000_000))"
                try await system.post("while you were out", from: contact, id: id)
                try await system.quiet()
                return system.workers[0].lines.contains { $0.contains("business is paused") } ? true : nil
            }
            let before = try await system.delivered(to: contact).count
            try await put(Business(id: Installation.business, name: "Test"), system)
            let answer = try await poll(within: .seconds(20), "an answer") {
                let id = "R\(Int.random(in: 0..<1_000_000))"
                try await system.post("recall", from: contact, id: id)
                try await system.quiet()
                return try await system.delivered(to: contact).dropFirst(before).first?.text
            }
            #expect(answer.hasPrefix("I recall: ") && answer.contains("user: while you were out"))
        }
    }

    @Test func `it is no longer than it may be`() async throws {
        var options = Installation.Options()
        options.environment = ["AI_HISTORY_MESSAGES": "4", "AI_HISTORY_TOKENS": "40"]
        try await Installation.with(options) { system in
            let contact = Self.contact
            for number in 1...4 { try await say("number \(number)", "N\(number)", from: contact, system) }
            let answer = try await say("recall", "N5", from: contact, system)
            // An answer of the stand-in takes 27 tokens and a question 8, so that one of each fits.
            #expect(answer.hasPrefix("I recall: user: number 4 | assistant: You said: number 4"))
        }
    }

    @Test func `without Postgres it goes on, and what was missed is told once it is back`() async throws {
        let postgres = try await PostgresServer.launch()
        var options = Installation.Options()
        options.postgres = postgres
        try await Installation.with(options) { system in
            let contact = Self.contact
            try await say("first", "G1", from: contact, system)
            // This server commits without waiting for its disk, and is stopped as by a crash.
            let pool = PostgresPool(url: system.database)
            pool.start()
            try await pool.waitUntilReady(within: .seconds(10))
            try await pool.query("CHECKPOINT")
            await pool.close()
            try await forget(system)
            try await postgres.stop()
            try await system.post("recall", from: contact, id: "G2")
            let texts = try await system.delivered(2, to: contact, within: .seconds(30))
            #expect(texts[1].text == "I recall:")
            try await postgres.start()
            try await system.quiet(within: .seconds(60))
            let answer = try await say("recall", "G3", from: contact, system)
            #expect(answer.hasPrefix("I recall: user: first | assistant: You said: first"))
            #expect(answer.hasSuffix(" | user: recall | assistant: I recall:"))
        }
        try await postgres.stop()
    }
}
