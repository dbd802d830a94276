import Foundation
import Native
import Shared
import TestSupport
import Testing

@Suite("Voice messages and pictures", .onLoop, .serialized)
@LoopActor struct MediaTests {
    private static let contact = "15550001111"
    private static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0]

    /// Posts a message with media, whose bytes the stand-in gateway has where they are given.
    private func post(
        _ content: String, id: String, _ bytes: [UInt8]?, type: String = "", _ system: Installation
    ) async throws {
        if let bytes {
            var request = HTTPClient.Request(
                method: "PUT", url: "http://127.0.0.1:\(system.simulator.port)/simulator/media/\(id)",
                headers: [("Content-Type", type)], body: bytes)
            request.allowsPrivateAddresses = true
            #expect(try await system.http.send(request).status == 204)
        }
        let now = Int(Date().timeIntervalSince1970)
        let answer = try await system.call(
            "POST", system.api, "/webhook/whatsapp/incoming",
            body: """
                {"tenantId":"\(Installation.business)","payload":{"type":"notify","messages":[{"key":{"remoteJid":\
                "\(Self.contact)@s.whatsapp.net","fromMe":false,"id":"\(id)"},"message":{\(content)},\
                "pushName":"Dana","messageTimestamp":\(now)}]}}
                """,
            headers: [("Content-Type", "application/json"), ("X-Internal-Secret", Installation.secret)])
        #expect(answer.status == 200)
    }

    private static let voice = #""audioMessage":{"mimetype":"audio/ogg; codecs=opus","ptt":true,"seconds":3}"#

    private func calls(_ system: Installation) async throws -> Int? {
        let statistics = try await system.call("GET", system.simulator, "/simulator/stats")
        return try JSON.read(statistics.body) { $0["ai"]?["calls"]?.int }
    }

    @Test func `a voice message is answered by its words, which are stored and remembered`() async throws {
        try await Installation.with { system in
            try await post(
                Self.voice, id: "V1", Array("OggSare you open on Friday?".utf8), type: "audio/ogg", system)
            let texts = try await system.delivered(1, to: Self.contact)
            #expect(texts[0].text.hasPrefix("You said: are you open on Friday?"))
            try await system.quiet()
            let pool = PostgresPool(url: system.database)
            pool.start()
            try await pool.waitUntilReady(within: .seconds(10))
            let rows = try await pool.query("SELECT kind, body FROM messages WHERE direction = 'in'")
            #expect(rows.map { $0.string("kind") } == ["audio"])
            #expect(rows.map { $0.string("body") } == ["are you open on Friday?"])
            await pool.close()
            try await system.post("recall", from: Self.contact, id: "V2")
            let recalled = try await system.delivered(2, to: Self.contact)
            #expect(recalled[1].text.hasPrefix("I recall: user: are you open on Friday? | assistant: You said:"))
        }
    }

    @Test func `a picture reaches the AI as a part of its own, with its caption`() async throws {
        try await Installation.with { system in
            try await post(
                #""imageMessage":{"mimetype":"image/jpeg","caption":"my cat"}"#, id: "I1", Self.png, type: "image/png",
                system)
            let texts = try await system.delivered(1, to: Self.contact)
            #expect(texts[0].text.hasPrefix("You said: my cat [image_url image/png]"))
        }
    }

    @Test func `a model without eyes is told that a picture came`() async throws {
        var options = Installation.Options()
        options.environment = ["AI_VISION": "0"]
        try await Installation.with(options) { system in
            try await post(#""imageMessage":{"mimetype":"image/jpeg","caption":"my cat"}"#, id: "I1", nil, system)
            let texts = try await system.delivered(1, to: Self.contact)
            #expect(texts[0].text.hasPrefix("You said: [image] my cat"))
        }
    }

    @Test func `what cannot be fetched is told in words, and answered`() async throws {
        try await Installation.with { system in
            try await post(Self.voice, id: "V1", nil, system)
            try await post(Self.voice, id: "V2", Array("<html>".utf8), type: "audio/ogg", system)
            try await post(#""imageMessage":{"mimetype":"image/jpeg"}"#, id: "I1", nil, system)
            let texts = try await system.delivered(3, to: Self.contact, within: .seconds(30)).map(\.text)
            #expect(texts[0].hasPrefix("You said: [voice message that could not be heard]"))
            #expect(texts[1].hasPrefix("You said: [voice message that could not be heard]"))
            #expect(texts[2].hasPrefix("You said: [picture that could not be seen]"))
            try await system.workers[0].line(containing: "media_failed")
        }
    }

    @Test func `a voice message that takes long gets the fallback text, then its answer, and is paid for once`()
        async throws
    {
        var options = Installation.Options()
        options.environment = ["AI_TIMEOUT_SECONDS": "1", "JOB_LEASE_SECONDS": "3"]
        try await Installation.with(options) { system in
            // The chat hangs; the transcript is made before.
            try await system.fault(#"{"ai":{"mode":"hang"}}"#)
            try await post(Self.voice, id: "V1", Array("OggShello".utf8), type: "audio/ogg", system)
            let stopGap = try await system.delivered(1, to: Self.contact)
            #expect(stopGap[0].text.hasPrefix("I'm processing your request."))
            try await system.workers[0].line(containing: "media_read")
            await system.workers[0].kill()
            let before = try await calls(system)
            _ = try await system.call("DELETE", system.simulator, "/simulator/faults")
            try system.replaceEndedWorkers()
            let texts = try await system.delivered(2, to: Self.contact, within: .seconds(40))
            #expect(texts[1].text.hasPrefix("You said: hello"))
            // The chat's call only.
            let after = try await calls(system)
            #expect(after == before.map { $0 + 1 })
        }
    }

    @Test func `what comes with messages is kept where MEDIA_DIR says, and the rows name the files`() async throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        var options = Installation.Options()
        options.environment = ["MEDIA_DIR": folder.path + "/media"]
        try await Installation.with(options) { system in
            try await post(Self.voice, id: "V1", Array("OggShello".utf8), type: "audio/ogg", system)
            let document = #""documentMessage":{"mimetype":"application/pdf","fileName":"../../menu.pdf"}"#
            try await post(document, id: "D1", Array("%PDF-1.7 menu".utf8), type: "application/pdf", system)
            // The provider has it no more.
            try await post(#""imageMessage":{"mimetype":"image/jpeg"}"#, id: "I1", nil, system)
            try await system.delivered(3, to: Self.contact, within: .seconds(30))
            try await system.quiet(within: .seconds(40))
            let files = try await system.withPool { pool in
                try await pool.query(
                    "SELECT provider_message_id AS id, media -> 0 ->> 'file' AS file FROM messages "
                        + "WHERE direction = 'in' ORDER BY id"
                ).map { ($0.string("id"), $0.optionalString("file")) }
            }
            let names = Dictionary(uniqueKeysWithValues: files)
            let voice = try #require(names["V1"] ?? nil), menu = try #require(names["D1"] ?? nil)
            #expect(voice.hasPrefix("business_1/") && voice.hasSuffix("-0.ogg") && names["I1"] == .some(nil))
            #expect(SmallFile.read("\(folder.path)/media/\(voice)") == "OggShello")
            #expect(
                SmallFile.read("\(folder.path)/media/\(voice.dropLast(3))transcript.txt") == "hello")
            #expect(SmallFile.read("\(folder.path)/media/\(menu)") == "%PDF-1.7 menu")
            try await system.workers[0].line(containing: "Media could not be kept")
        }
    }
}
