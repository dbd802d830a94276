import Native
import Shared
import Testing

@testable import Worker

@Suite("Echoes, quiet times and automatic texts")
struct EchoRuleTests {
    /// user, assistant, user, assistant, …
    private func memory(_ lines: String...) -> [ChatMessage] {
        lines.enumerated().map { ChatMessage(role: $0.isMultiple(of: 2) ? .user : .assistant, text: $1) }
    }

    @Test func `the third answer in a row that comes back unchanged is a loop`() {
        let three = memory("hi", "A", "A", "B", "B", "C")
        #expect(EchoRule.isLoop("C", after: three))
        #expect(EchoRule.isLoop(" C\u{200F}\n", after: three))
        #expect(!EchoRule.isLoop("D", after: three))
        #expect(!EchoRule.isLoop("C", after: memory("hi", "B", "B", "C")))
        #expect(!EchoRule.isLoop("C", after: memory("hi", "A", "A", "B", "so what?", "C")))
        #expect(!EchoRule.isLoop(nil, after: three) && !EchoRule.isLoop("", after: three))
        #expect(!EchoRule.isLoop("C", after: []))
    }

    @Test func `what a person repeats, and what the bot repeats, is none`() {
        #expect(!EchoRule.isLoop("yes", after: memory("yes", "A", "yes", "B", "yes", "C")))
        #expect(!EchoRule.isLoop("and?", after: memory("and?", "A", "and?", "A", "and?", "A")))
    }

    @Test func `a part of a long answer is as good as the whole`() {
        let long = (1...100).map { "word\($0)" }.joined(separator: " ")
        let part = String(long.prefix(500))
        #expect(EchoRule.isLoop(part, after: memory("hi", "A", "A", "B", "B", long)))
        #expect(!EchoRule.isLoop("word7", after: memory("hi", "A", "A", "B", "B", long)))
    }

    @Test(
        arguments: [
            (nil, 0, 1800), (10, 0, 600), (10, 120, 480), (10, 600, nil), (10, 90_000, nil), (0, 0, nil), (-5, 0, nil),
            (10, -30, 600),
        ] as [(Int?, Int64, Int?)])
    func `quiet time counts from when the message was written`(minutes: Int?, age: Int64, left: Int?) {
        var settings = BusinessSettings()
        settings.quietMinutes = minutes
        let now = WallTime(milliseconds: 1_800_000_000_000)
        let written = WallTime(milliseconds: now.milliseconds - age * 1000)
        #expect(QuietTime.left(of: settings, since: written, now: now) == left.map { .seconds($0) })
    }

    @Test func `a text is known as ours for longer than it could silence us`() {
        for minutes in [nil, 0, 1, 30, 10_000, Int.max] {
            var settings = BusinessSettings()
            settings.quietMinutes = minutes
            #expect(QuietTime.keptFor(settings) > QuietTime.length(settings))
        }
    }

    @Test func `a text that the phone's app sends by itself is known by its words or its beginning`() {
        var settings = BusinessSettings()
        settings.automaticTexts = ["Thanks for your message!  We open at 9.", "Welcome *", "", "*"]
        #expect(AutomaticText.isOne("Thanks for your message!\nWe open at 9.", settings))
        #expect(AutomaticText.isOne("Welcome Dana, how can we help?", settings))
        #expect(!AutomaticText.isOne("You are welcome", settings))
        #expect(!AutomaticText.isOne("Anything", settings) && !AutomaticText.isOne("", settings))
        #expect(!AutomaticText.isOne(nil, settings) && !AutomaticText.isOne("Welcome", BusinessSettings()))
    }

    @Test func `a text that says nothing has no digest, and white space and marks change none`() {
        #expect(SaidText.digest(" \n\u{200F}") == nil)
        #expect(SaidText.digest("שלום Dana") == SaidText.digest("\u{200F}שלום \u{2068}Dana\u{2069}\n"))
        #expect(SaidText.digest("A") != SaidText.digest("a"))
        #expect(SaidText.plain(" a b\tש é 👍🏽\u{FEFF}\u{A0}x\n") == "abשé👍🏽x")
    }
}
