/// A grapheme of a text, as far as splitting it goes. Made once for each: comparing characters is what splitting a long reply
/// took most of its time for, and all other conversations waited for it.
struct SplitGrapheme {
    struct Traits: OptionSet {
        let rawValue: UInt8

        static let whitespace = Traits(rawValue: 1)
        static let newline = Traits(rawValue: 2)
        static let sentenceEnd = Traits(rawValue: 4)
        static let isolate = Traits(rawValue: 8)
        static let isolateEnd = Traits(rawValue: 16)
    }

    /// Its first byte's place in UTF-8.
    let start: Int
    /// UTF-16.
    let units: Int32
    let traits: Traits

    var isIsolateMark: Bool { !traits.isDisjoint(with: [.isolate, .isolateEnd]) }

    /// Where it begins in the text that it was made of.
    func place(in text: String) -> String.Index { text.utf8.index(text.startIndex, offsetBy: start) }

    /// The one that begins at a place of a text, and where it ends.
    ///
    /// - Parameter bytes: the same text, in which `start` is less than `bytes.count`.
    static func read(_ text: String, _ bytes: [UInt8], at start: Int) -> (grapheme: SplitGrapheme, end: Int) {
        let byte = bytes[start]
        // Of ASCII only CR and LF are one grapheme.
        if byte < 0x80, byte != 0x0D, start + 1 == bytes.count || bytes[start + 1] < 0x80 {
            // Most are letters.
            let traits = byte < 0x40 ? traits(Unicode.Scalar(byte), isAlone: true) : []
            return (SplitGrapheme(start: start, units: 1, traits: traits), start + 1)
        }
        return readLong(text, bytes, at: start)
    }

    @inline(never) private static func readLong(
        _ text: String, _ bytes: [UInt8], at start: Int
    ) -> (grapheme: SplitGrapheme, end: Int) {
        if let scalar = PlainScalar(bytes, at: start) {
            let end = start + scalar.length
            if end == bytes.count || PlainScalar(bytes, at: end) != nil {
                let traits = (0x40..<0x2010).contains(scalar.value) ? [] : traits(scalar.unicode, isAlone: true)
                return (SplitGrapheme(start: start, units: 1, traits: traits), end)
            }
        }
        let first = text.utf8.index(text.startIndex, offsetBy: start), next = text.index(after: first)
        let scalars = text.unicodeScalars[first..<next]
        let units = scalars.reduce(0) { $0 + ($1.value > 0xFFFF ? 2 : 1) }
        let isAlone = scalars.index(after: scalars.startIndex) == scalars.endIndex
        let traits = traits(scalars[scalars.startIndex], isAlone: isAlone)
        return (
            SplitGrapheme(start: start, units: Int32(clamping: units), traits: traits),
            start + text.utf8.distance(from: first, to: next)
        )
    }

    /// Of a grapheme the first scalar tells what it is, as `Character` has it; a mark or sign with more is none.
    private static func traits(_ first: Unicode.Scalar, isAlone: Bool) -> Traits {
        var traits: Traits = []
        switch first.value {
        case 0x0A...0x0D, 0x85, 0x2028, 0x2029: traits = [.whitespace, .newline]
        case 0x20, 0x09: traits = .whitespace
        case 0x21...0x7E where first != "." && first != "!" && first != "?": return []
        case 0x3001...0xFF60: break
        default: if first.properties.isWhitespace { traits = .whitespace }
        }
        guard isAlone else { return traits }
        switch first {
        case ".", "!", "?", "…", "。", "！", "？", "؟": traits.insert(.sentenceEnd)
        case "\u{2066}", "\u{2067}", "\u{2068}": traits.insert(.isolate)
        case "\u{2069}": traits.insert(.isolateEnd)
        default: break
        }
        return traits
    }
}
