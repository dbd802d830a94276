import Foundation
import Native
import TestSupport
import Testing

@testable import CLI

@Suite("Chat", .onLoop, .timeLimit(.minutes(1)))
@LoopActor struct ChatTests {
    private static let run = RunFile(
        process: ProcessIdentity(of: ThisProgram.pid)!, api: "http://127.0.0.1:8080",
        simulator: "http://127.0.0.1:3300",
        business: "b", secretFile: "/secret")

    private func target(
        _ options: ChatOptions = ChatOptions(), _ environment: [String: String] = [:], run: RunFile? = run
    ) throws(ChatFailure) -> ChatTarget {
        try ChatTarget(
            options, environment: EnvironmentLookup(environment), folder: DataFolder(path: "/data"), run: run,
            readFile: { $0 == "/secret" ? "kept\n" : nil })
    }

    @Test func `it finds everything in what up wrote, and options come first`() throws {
        let found = try target()
        #expect(found.api == "http://127.0.0.1:8080" && found.business == "b" && found.secret == "kept")
        var options = ChatOptions()
        options.api = "http://elsewhere"
        options.business = "other"
        let asked = try target(options, ["INTERNAL_SECRET": "mine"])
        #expect(asked.api == "http://elsewhere" && asked.business == "other" && asked.secret == "mine")
    }

    @Test func `what is missing is said`() {
        #expect(throws: ChatFailure.self) { try target(run: nil) }
        var options = ChatOptions()
        options.api = "http://a"
        options.simulator = "http://s"
        #expect(throws: ChatFailure("the API wants a secret: set INTERNAL_SECRET to the one it runs with")) {
            try target(options, run: nil)
        }
    }

    @Test func `what up writes is read back while it runs, and not after`() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let path = folder.path + "/run.json"
        #expect(RunFile.ofRunning(at: path) == nil)
        try Self.run.write(to: path)
        #expect(RunFile.ofRunning(at: path) == Self.run)
    }

    @Test func `a message is sent as the gateway sends it`() throws {
        let webhook = GatewayWebhook(
            business: "b", contact: "15550001111", id: "CHAT1", text: "\"Hi\"\n✓", timestamp: 1_763_650_000)
        let json = try #require(JSONSerialization.jsonObject(with: Data(webhook.body)) as? NSDictionary)
        let expected: NSDictionary = [
            "tenantId": "b",
            "payload": [
                "type": "notify",
                "messages": [
                    [
                        "key": ["remoteJid": "15550001111@s.whatsapp.net", "fromMe": false, "id": "CHAT1"],
                        "message": ["conversation": "\"Hi\"\n✓"], "pushName": "Chat",
                        "messageTimestamp": 1_763_650_000,
                    ]
                ],
            ],
        ]
        #expect(json == expected)
    }

    @Test func `replies are read, and shown with who, how and when`() throws {
        let body = """
            [{"seq":3,"provider":"twilio","tenant":"b","contact":"1","id":"x","text":"one\\ntwo","at_ms":1763650000123},
             {"provider":"baileys"}]
            """
        let messages = try SimulatorMessage.list(Array(body.utf8))
        #expect(messages.map(\.sequence) == [3])
        #expect(messages[0].mayBe(from: "b") && messages[0].mayBe(from: "other"))
        let shown = ChatCommand.text(messages[0], from: "b", after: .milliseconds(1240))
        #expect(shown == "< b through twilio at 14:46:40 UTC, after 1.2 s:\n  one\n  two\n")
    }

    @Test func `lines are taken in order, then the end is seen`() async {
        let queue = LineQueue()
        queue.add("one")
        LoopActor.loop.after(.milliseconds(1)) {
            queue.add("two")
            queue.end()
        }
        var taken: [String] = []
        while let line = await queue.next() { taken.append(line) }
        #expect(taken == ["one", "two"])
        #expect(await queue.next() == nil)
    }
}
