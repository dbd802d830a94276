import Native
import Testing

@testable import CLI

@Suite("A doctor's findings")
struct FindingTests {
    private let good = Finding.right("redis", "fine"), bad = Finding.wrong("api", "down", do: "Start it")
    private let open = Finding.unknown("waha", "closed")

    @Test func `each is one line, with colour on a terminal only`() {
        #expect(good.line(isColored: false) == "✓ redis             fine")
        #expect(bad.line(isColored: false) == "✗ api               down. Start it")
        #expect(open.line(isColored: false) == "– waha              closed")
        #expect(bad.line(isColored: true).hasPrefix("\u{1B}[31m✗\u{1B}[0m api"))
    }

    @Test func `what others wrote gets no line of its own and no terminal's command`() {
        let finding = Finding.wrong("api", "bad\nthing\u{1B}[2J", do: "x")
        let line = finding.line(isColored: false)
        #expect(!line.contains("\n") && !line.contains("\u{1B}"))
    }

    @Test func `only what is wrong makes the exit status 1`() {
        #expect([good, open].exitStatus == 0)
        #expect([good, bad].exitStatus == 1)
        #expect([good, open].summary == "Nothing is wrong: 1 check passed, 1 not asked or not in use.")
        #expect([good, bad, open].summary == "1 check of 3 found something wrong, 1 not asked or not in use.")
    }

    @Test func `the same is told as JSON`() {
        #expect(bad.json == #"{"check":"api","status":"wrong","text":"down","advice":"Start it"}"#)
        #expect(good.json == #"{"check":"redis","status":"right","text":"fine","advice":null}"#)
    }

    @Test(arguments: [
        ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("Thu, 29 Feb 2024 23:59:59 GMT", 1_709_251_199), ("Fri, 01 Mar 2024 00:00:00 GMT", 1_709_251_200),
        ("Sat, 21 Nov 2026 14:00:00 GMT", 1_795_269_600),
    ])
    func `the Date of an answer is read`(text: String, seconds: Int64) {
        #expect(HTTPDate.read(text)?.milliseconds == seconds * 1000)
    }

    @Test(arguments: ["", "yesterday", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 06 Nov 1994 08:49 GMT", "1 2 3 4 5 GMT"])
    func `what is no Date is none`(text: String) { #expect(HTTPDate.read(text) == nil) }
}
