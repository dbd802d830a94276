import Native
import Shared
import TestSupport
import Testing

@testable import CLI

@Suite("rejoinder sign", .onLoop)
@LoopActor struct SignedSamplesTests {
    private func samples(
        _ words: [String], base: String = "http://127.0.0.1:8080", _ environment: [String: String] = [:],
        settings: BusinessSettings = BusinessSettings()
    ) throws -> SignedSamples {
        let configuration = try SampleRequestTests.configuration(environment)
        let options = try SignOptions(words)
        let keys = SenderKeys(configuration, business: "shop_1", settings: settings)
        return SignedSamples(options, keys, base: options.url ?? base)
    }

    @Test func `without a sender's name all that are open are made, each under its name`() throws {
        let samples = try samples(["--url", "http://h:1/"], ["WAHA_WEBHOOK_SECRET": ""])
        #expect(samples.requests.map(\.sender) == [.baileys, .twilio, .meta, .evolution])
        #expect(samples.closed.map(\.variable) == ["WAHA_WEBHOOK_SECRET"])
        #expect(samples.status == 0)
        let lines = samples.text.split(separator: "\n")
        #expect(lines.filter { $0.hasPrefix("# ") } == ["# baileys", "# twilio", "# meta", "# evolution"])
        #expect(lines.filter { $0.hasPrefix("curl ") }.allSatisfy { $0.contains(" 'http://h:1/webhook/") })
    }

    @Test func `a closed sender that was asked for is a failure, with its variable`() throws {
        let samples = try samples(["meta"], ["META_APP_SECRET": ""])
        #expect(samples.status == 1 && samples.text.isEmpty)
        #expect(samples.closed.map(\.variable) == ["META_APP_SECRET"])
        let verify = try self.samples(["meta", "--kind", "verify"], ["META_VERIFY_TOKEN": ""])
        #expect(verify.status == 1 && verify.closed.map(\.variable) == ["META_VERIFY_TOKEN"])
    }

    @Test func `Twilio without PUBLIC_URL and Meta without a number are made, with a word about it`() throws {
        #expect(try samples(["twilio"], ["PUBLIC_URL": ""]).notes.count == 1)
        #expect(try samples(["meta"], ["META_PHONE_NUMBER_ID": ""]).notes.count == 1)
        #expect(try samples(["all"]).notes.isEmpty)
    }

    @Test func `--mask leaves secrets to the shell, and signatures as they are`() throws {
        let text = try samples(["all", "--mask"]).text
        #expect(!text.contains("secret\"") && !text.contains("it's"))
        #expect(text.contains(#"-H "X-Internal-Secret: $INTERNAL_SECRET""#))
        #expect(text.contains(#"-H "X-Webhook-Secret: $EVOLUTION_WEBHOOK_SECRET""#))
        #expect(text.contains("X-Hub-Signature-256: sha256="))
        let verify = try samples(["meta", "--kind", "verify", "--mask"]).text
        #expect(verify.contains(#"hub.verify_token='"$META_VERIFY_TOKEN"'&hub.challenge="#))
    }

    @Test func `--mask leaves a business's own secret to a variable called as the setting, and says so`() throws {
        var settings = BusinessSettings()
        settings.evolutionWebhookSecret = "own secret"
        settings.wahaWebhookSecret = "another own"
        let masked = try samples(["all", "--mask"], settings: settings)
        #expect(masked.text.contains(#"-H "X-Webhook-Secret: $evolution_webhook_secret""#))
        #expect(!masked.text.contains("EVOLUTION_WEBHOOK_SECRET") && !masked.text.contains("own secret"))
        #expect(
            masked.notes == [
                "$evolution_webhook_secret stands for businesses.settings.evolution_webhook_secret of shop_1"
            ])
        #expect(try samples(["all"], settings: settings).notes.isEmpty)
        try JSON.read(Array(try samples(["evolution", "--mask", "--json"], settings: settings).text.utf8)) { root in
            #expect(root.items.first?["headers"]?["X-Webhook-Secret"]?.string == "$evolution_webhook_secret")
        }
    }

    @Test func `--json tells url, headers, body and the line`() throws {
        let samples = try samples(["twilio", "--json", "--text", "Olá"])
        try JSON.read(Array(samples.text.utf8)) { root in
            let sample = root.items.first
            #expect(sample?["sender"]?.string == "twilio" && sample?["method"]?.string == "POST")
            #expect(sample?["url"]?.string == "http://127.0.0.1:8080/webhook/twilio/shop_1")
            #expect(sample?["signed_url"]?.string == "https://bot.example.com/webhook/twilio/shop_1")
            #expect(sample?["headers"]?["X-Twilio-Signature"]?.string?.count == 28)
            #expect(sample?["body"]?.string?.contains("Body=Ol%C3%A1") == true)
            #expect(sample?["curl"]?.string?.hasPrefix("curl ") == true)
        }
    }

    @Test(arguments: ["", "plain", "it's", "''", "$HOME `id` \"x\" \\ \n !", "a'b'c", "שלום 👋"])
    func `a quoted text is one word to sh, as it is`(text: String) async throws {
        // printf with an x at the end, because the output's last line feeds are not seen.
        var command = ChildCommand("/bin/sh", ["-c", "printf '%sx' \(CurlLine.quoted(text))"])
        var lines: [String] = []
        command.output = .lines { lines.append($0) }
        let process = try ChildProcess(command)
        let exit = try await withDeadline(.seconds(20)) { try await process.exit }
        #expect(exit == .code(0))
        #expect(lines.joined(separator: "\n") == text + "x")
    }

    @Test(arguments: [
        ["telegram"], ["meta", "waha"], ["--kind", "reply"], ["waha", "--kind", "verify"],
        ["--url", "bot.example.com"],
        ["--from", "me"], ["--business", "a b"], ["--from", "12"],
    ])
    func `what makes no sense is refused`(words: [String]) {
        #expect(throws: UsageError.self) { try SignOptions(words) }
    }

    @Test func `options are read`() throws {
        let options = try SignOptions(["meta", "--from", "+15551234567", "--kind=status", "--url=https://h/"])
        #expect(options.sender == .meta && options.contact == "15551234567" && options.kind == .status)
        #expect(options.url == "https://h")
        #expect(try SignOptions(["all"]).senders == ProviderName.allCases)
        #expect(try SignOptions(["--kind", "verify"]).senders == [.meta])
    }
}
