import Testing

@testable import Worker

@Suite("Text splitter")
struct TextSplitterTests {
    @Test func `short text stays whole`() { #expect(TextSplitter.split("Hello.", limit: 10) == ["Hello."]) }

    @Test(arguments: [
        ("First one.\n\nSecond one.", 16, ["First one.", "Second one."]),
        ("One two. Three four.", 12, ["One two.", "Three four."]),
        ("alpha beta gamma", 11, ["alpha beta", "gamma"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
    ])
    func `text is cut at the largest bound that fits`(text: String, limit: Int, parts: [String]) {
        #expect(TextSplitter.split(text, limit: limit) == parts)
    }

    @Test func `a grapheme is never cut`() {
        let family = "👨‍👩‍👧‍👦"
        let parts = TextSplitter.split(String(repeating: family, count: 10), limit: 25)
        #expect(parts.joined() == String(repeating: family, count: 10))
        #expect(parts.allSatisfy { $0.utf16.count <= 25 && $0.allSatisfy { String($0) == family } })
    }

    @Test func `a grapheme longer than the limit still gets through`() {
        #expect(TextSplitter.split("👨‍👩‍👧‍👦ab", limit: 4) == ["👨‍👩‍👧‍👦", "ab"])
    }

    @Test func `no part exceeds the limit in UTF-16 units, and no word is lost`() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            let words = (0..<200).map { _ in String(repeating: "א", count: Int.random(in: 1...12, using: &random)) }
            let parts = TextSplitter.split(words.joined(separator: " "), limit: 100)
            #expect(parts.allSatisfy { $0.utf16.count <= 100 })
            #expect(parts.joined(separator: " ").split(separator: " ").map(String.init) == words)
        }
    }

    private let open: Character = "\u{2068}", close: Character = "\u{2069}"

    /// Whether every isolate that is opened in the part is closed in it.
    private func isBalanced(_ part: String) -> Bool {
        var depth = 0
        for character in part {
            if character == open { depth += 1 }
            if character == close { depth -= 1 }
            if depth < 0 { return false }
        }
        return depth == 0
    }

    @Test func `what stands between isolate marks is kept together`() {
        let text = "אאאא בבבב \(open)Dana Levi\(close) גגגג דדדד"
        let parts = TextSplitter.split(text, limit: 18)
        #expect(parts == ["אאאא בבבב", "\(open)Dana Levi\(close) גגגג", "דדדד"])
    }

    @Test func `an isolate that is longer than a part is closed and opened again at each cut`() {
        let inside = (1...20).map { "word\($0)" }.joined(separator: " ")
        let parts = TextSplitter.split("\(open)\(inside)\(close)", limit: 30)
        #expect(parts.count > 3)
        for part in parts {
            #expect(isBalanced(part) && part.utf16.count <= 30)
            #expect(part.first == open && part.last == close)
        }
        let words = parts.map { $0.filter { $0 != open && $0 != close } }.joined(separator: " ")
        #expect(words == inside)
    }

    @Test func `no part of random text with isolates exceeds the limit or leaves a mark open`() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            let words = (0..<100).map { _ in
                let word = String(repeating: "ש", count: Int.random(in: 1...9, using: &random))
                return Int.random(in: 0...3, using: &random) == 0 ? "\(open)a \(word)\(close)" : word
            }
            let parts = TextSplitter.split(words.joined(separator: " "), limit: 60)
            #expect(parts.allSatisfy { $0.utf16.count <= 60 && isBalanced($0) })
            let all = parts.joined().filter { $0 == "ש" }
            #expect(all.count == words.joined().count { $0 == "ש" })
        }
    }
}
