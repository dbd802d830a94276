import Native
import Shared
import TestSupport
import Testing

@Suite("Messages of groups", .onLoop, .serialized)
@LoopActor struct GroupTests {
    private func post(_ id: String, _ context: String, _ system: Installation) async throws -> HTTPClient.Response {
        try await system.call(
            "POST", system.api, "/webhook/whatsapp/incoming",
            body: """
                {"tenantId":"\(Installation.business)","payload":{"type":"notify","me":{"id":"15550009999:1@s.whatsapp.net",
                "lid":"777:1@lid"},"messages":[{"key":{"remoteJid":"120363@g.us","fromMe":false,"id":"\(id)",
                "participant":"5@lid","participantAlt":"15550001111@s.whatsapp.net"},"pushName":"Dana",
                "message":{"extendedTextMessage":{"text":"are you open?","contextInfo":\(context)}},
                "messageTimestamp":\(WallTime.now().milliseconds / 1000)}]}}
                """,
            headers: [("Content-Type", "application/json"), ("X-Internal-Secret", Installation.secret)])
    }

    private func set(_ groups: BusinessSettings.Groups, _ system: Installation) async throws {
        let pool = PostgresPool(url: system.database)
        pool.start()
        try await pool.waitUntilReady(within: .seconds(10))
        var business = Business(id: Installation.business, name: "Test")
        business.settings.groups = groups
        try await BusinessStore(pool: pool).upsert(business)
        await pool.close()
    }

    @Test func `a business that wants to be mentioned answers the group, and only then`() async throws {
        try await Installation.with { system in
            try await set(.mention, system)
            // The API hears of it in its own time; until then it ignores all, or leaves it to the worker.
            var number = 0
            try await poll(within: .seconds(20), "a mention to be accepted") {
                number += 1
                let answer = try await self.post("G\(number)", #"{"mentionedJid":["777@lid"]}"#, system)
                return String(decoding: answer.body, as: UTF8.self).contains(#""accepted":1"#) ? true : nil
            }
            try await poll(within: .seconds(20), "a mention of somebody else to be ignored") {
                number += 1
                let answer = try await self.post("X\(number)", #"{"mentionedJid":["5@lid"]}"#, system)
                return String(decoding: answer.body, as: UTF8.self).contains(#""ignored":1"#) ? true : nil
            }
            let texts = try await system.delivered(1)
            try await system.quiet()
            #expect(texts[0].contact == "120363@g.us" && texts[0].text.contains("Dana: are you open?"))
            let all = try await system.delivered()
            #expect(all.count == 1)
        }
    }

    @Test func `what is meant for a group never goes to a person`() async throws {
        var options = Installation.Options()
        options.environment = ["JOB_ATTEMPTS": "2"]
        try await Installation.with(options) { system in
            try await set(.all, system)
            try await system.fault(#"{"gateway":{"mode":"cannot_send"}}"#)
            var number = 0
            try await poll(within: .seconds(20), "a group's message to be accepted") {
                number += 1
                let answer = try await self.post("G\(number)", "{}", system)
                return String(decoding: answer.body, as: UTF8.self).contains(#""accepted":1"#) ? true : nil
            }
            try await system.workers[0].line(containing: "job_retried", within: .seconds(30))
            let texts = try await system.delivered()
            #expect(texts.isEmpty)
        }
    }
}
