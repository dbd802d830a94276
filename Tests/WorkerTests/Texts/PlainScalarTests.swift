import Testing

@testable import Worker

/// What Swift's own `Character` does is the judge.
@Suite("Plain scalars")
struct PlainScalarTests {
    private static let all = (0...0xFFFF).compactMap { Unicode.Scalar(UInt32($0)) }.filter { scalar in
        PlainScalar(Array(String(scalar).utf8), at: 0) != nil
    }

    @Test func `they are read as they are`() {
        for scalar in Self.all {
            let bytes = Array("ab\(scalar)".utf8), plain = PlainScalar(bytes, at: 2)
            #expect(plain?.value == scalar.value && plain?.length == bytes.count - 2)
        }
    }

    @Test func `a grapheme ends between any two of them`() {
        #expect(Self.all.count > 30_000)
        var wrong: [Unicode.Scalar] = []
        for scalar in Self.all {
            var text = ""
            for other in ["a", "\n", scalar, "א", "가", "각", "あ", "…"] as [Unicode.Scalar] {
                text.unicodeScalars.append(scalar)
                text.unicodeScalars.append(other)
            }
            if text.count != text.unicodeScalars.count { wrong.append(scalar) }
        }
        #expect(wrong == [])
    }

    @Test(arguments: [
        "\r", "\u{AD}", "\u{301}", "\u{5B0}", "\u{64B}", "\u{1100}", "\u{200D}", "\u{2066}", "\u{FE0F}", "👍",
    ])
    func `what may belong to its neighbour is none`(text: String) {
        #expect(PlainScalar(Array(text.utf8), at: 0) == nil)
    }
}
