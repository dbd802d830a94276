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
}
