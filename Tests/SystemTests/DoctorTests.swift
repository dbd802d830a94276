import Native
import Shared
import TestSupport
import Testing

@Suite("rejoinder doctor and sign, on a whole installation", .onLoop, .serialized)
@LoopActor struct DoctorTests {
    private struct Seen {
        let check: String
        let status: String
        let text: String
    }

    private static let number = "whatsapp:+15550009999"

    /// With the secrets of all senders, and the API where `PUBLIC_URL` says.
    private func options() throws -> Installation.Options {
        let port = try #require(TCPPort.anyFree())
        var options = Installation.Options()
        options.environment = [
            "API_PORT": "\(port)", "PUBLIC_URL": "http://127.0.0.1:\(port)", "META_APP_SECRET": "meta-secret",
            "META_VERIFY_TOKEN": "verify token", "META_PHONE_NUMBER_ID": "1065", "META_ACCESS_TOKEN": "token",
            "DEFAULT_BUSINESS": Installation.business, "EVOLUTION_WEBHOOK_SECRET": "evolution-secret",
            "WAHA_WEBHOOK_SECRET": "waha-secret",
        ]
        return options
    }

    /// Tells the simulator what Twilio is to have as the number's URL.
    private func setTwilioURL(_ url: String, _ system: Installation) async throws {
        let body = #"{"sender_id":"\#(Self.number)","webhook":{"callback_url":"\#(url)","callback_method":"POST","#
        let answer = try await system.call(
            "POST", system.simulator, "/v2/Channels/Senders", body: body + #""fallback_url":"\#(url)"}}"#,
            headers: [("Content-Type", "application/json"), ("Authorization", "Basic eDp5")])
        #expect(answer.status == 202)
    }

    private func examine(
        _ system: Installation, changing: [String: String] = [:]
    ) async throws -> (status: Int, findings: [Seen]) {
        let command = try await system.run("doctor", "--json", changing: changing)
        let findings = try command.output.map { line in
            try JSON.read(Array(line.utf8)) {
                Seen(
                    check: $0["check"]?.string ?? "", status: $0["status"]?.string ?? "",
                    text: $0["text"]?.string ?? "")
            }
        }
        #expect(command.errors.isEmpty, "\(command.errors)")
        return (command.status, findings)
    }

    /// All processes have told Redis that they are there.
    private func atWork(_ system: Installation) async throws {
        try await poll(within: .seconds(20), "a worker and a leader") {
            let (_, findings) = try await self.examine(system)
            let isUp = ["workers", "scheduler"].allSatisfy { check in
                findings.contains { $0.check == check && $0.status == "right" }
            }
            return isUp ? true : nil
        }
    }

    @Test func `nothing is wrong with a system that is well, and looking leaves no trace`() async throws {
        try await Installation.with(try options()) { system in
            let url = system.environment["PUBLIC_URL"]! + "/webhook/twilio/\(Installation.business)"
            try await setTwilioURL(url + "#rc=5&rp=all", system)
            try await atWork(system)
            let (status, findings) = try await examine(system)
            #expect(status == 0, "\(findings)")
            let right = Set(findings.filter { $0.status == "right" }.map(\.check))
            #expect(
                right == [
                    "configuration", "redis", "clock", "postgres", "api", "baileys", "twilio", "meta", "meta verify",
                    "evolution", "waha",
                    "twilio url", "baileys gateway", "workers", "scheduler", "businesses", "unknown numbers",
                    "time zones",
                ], "\(findings)")
            #expect(findings.filter { $0.status == "unknown" }.map(\.check) == ["public url"])
            let delivered = try await system.delivered()
            #expect(delivered.isEmpty)
            let queues = try await system.run("queues", "--json")
            let (jobs, dead) = try JSON.read(Array(queues.output.joined().utf8)) { root in
                (root["queues"]?.items.reduce(0) { $0 + ($1["depth"]?.int ?? 0) }, root["dead"]?.int)
            }
            #expect(jobs == 0 && dead == 0)
        }
    }

    @Test func `what is wrong is told, by name and all of it`() async throws {
        try await Installation.with(try options()) { system in
            try await atWork(system)
            try await setTwilioURL("https://old.example.com/twilio", system)
            for worker in system.workers { await worker.kill() }
            let (status, findings) = try await examine(
                system,
                changing: [
                    // The simulator answers there, and is no API.
                    "PUBLIC_URL": "http://127.0.0.1:\(system.simulator.port)", "INTERNAL_SECRET": "another",
                    "META_APP_SECRET": "another", "META_VERIFY_TOKEN": "another", "TWILIO_AUTH_TOKEN": "another",
                    "BAILEYS_URL": "http://127.0.0.1:1", "DEFAULT_BUSINESS": "nobody",
                ])
            #expect(status == 1)
            let wrong = findings.filter { $0.status == "wrong" }.map(\.check)
            #expect(
                wrong == [
                    "public url", "baileys", "twilio", "meta", "meta verify", "twilio url", "baileys gateway",
                    "businesses",
                ], "\(findings)")
            let secrets = ["another", Installation.secret, "meta-secret"]
            #expect(!findings.contains { finding in secrets.contains { finding.text.contains($0) } })
        }
    }

    @Test func `a server that a business names is asked only where workers would call it`() async throws {
        try await Installation.with(try options()) { system in
            try await system.put("shop", [.evolution, .waha]) {
                $0.evolutionURL = "http://127.0.0.1:\(system.simulator.port)"
                $0.evolutionAPIKey = "own-key"
                $0.wahaURL = $0.evolutionURL
                $0.wahaAPIKey = "own-key"
            }
            func servers(_ variables: [String: String]) async throws -> [Seen] {
                try await examine(system, changing: variables).findings.filter { $0.check.hasSuffix(" server") }
            }
            let refused = try await servers([:])
            #expect(refused.map(\.check) == ["evolution server", "waha server"])
            #expect(refused.allSatisfy { $0.status == "wrong" && $0.text.contains("may not be called") }, "\(refused)")
            let allowed = try await servers(["OUTBOUND_ALLOW_HOSTS": "127.0.0.1"])
            #expect(allowed.map(\.status) == ["right", "right"], "\(allowed)")
        }
    }

    @Test func `without servers, and with variables that cannot be read, it still says what is so`() async throws {
        try await Installation.with(try options()) { system in
            let (status, findings) = try await examine(
                system,
                changing: [
                    "REDIS_URL": "redis://127.0.0.1:1/0", "DATABASE_URL": "postgres://127.0.0.1:1/none",
                    "API_PORT": "1",
                ])
            #expect(status == 1)
            let wrong = findings.filter { $0.status == "wrong" }.map(\.check)
            #expect(wrong == ["redis", "postgres", "api"], "\(findings)")
            let unread = try await examine(system, changing: ["API_PORT": "many", "PUBLIC_URL": "bot.example.com"])
            #expect(unread.status == 1)
            #expect(unread.findings.map(\.check) == ["configuration", "configuration"])
        }
    }

    @Test func `signed samples are taken and answered, and verify answers with its challenge`() async throws {
        try await Installation.with(try options()) { system in
            for (place, sender) in ["baileys", "twilio", "meta", "evolution", "waha"].enumerated() {
                let contact = "1555000222\(place)"
                let answer = try await send(try await system.run("sign", sender, "--json", "--from", contact), system)
                #expect(answer.status == 200)
                let texts = try await system.delivered(1, to: contact)
                #expect(texts.first?.contact == contact)
            }
            let answer = try await send(try await system.run("sign", "meta", "--kind", "verify", "--json"), system)
            #expect(answer.status == 200)
            #expect(Int(String(decoding: answer.body, as: UTF8.self)) != nil)
            let closed = try await system.run("sign", "waha", changing: ["WAHA_WEBHOOK_SECRET": ""])
            #expect(closed.status == 1 && closed.output.isEmpty)
            #expect(closed.errors == ["rejoinder: waha is closed: WAHA_WEBHOOK_SECRET is not set"])
        }
    }

    /// Sends the one sample that `sign --json` made.
    private func send(
        _ command: (status: Int, output: [String], errors: [String]), _ system: Installation
    ) async throws -> HTTPClient.Response {
        #expect(command.status == 0, "\(command.errors)")
        let request = try JSON.read(Array(command.output.joined().utf8)) { root in
            let sample = root.items.first
            return HTTPClient.Request(
                method: sample?["method"]?.string ?? "", url: sample?["url"]?.string ?? "",
                headers: (sample?["headers"]?.fields ?? []).map { ($0.name, $0.value.string ?? "") },
                body: sample?["body"]?.bytes ?? [], timeout: .seconds(15), allowsPrivateAddresses: true)
        }
        return try await system.http.send(request)
    }
}
