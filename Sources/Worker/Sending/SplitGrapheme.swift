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
    let units: Int
    let traits: Traits

    var isIsolateMark: Bool { !traits.isDisjoint(with: [.isolate, .isolateEnd]) }

    /// Where it begins in the text that it was made of.
    func place(in text: String) -> String.Index { text.utf8.index(text.startIndex, offsetBy: start) }

    static func all(of text: String) -> [SplitGrapheme] {
        let bytes = Array(text.utf8)
        var graphemes: [SplitGrapheme] = []
        graphemes.reserveCapacity(bytes.count)
        var start = 0
        while start < bytes.count {
            // Of ASCII only CR and LF are one grapheme.
            if bytes[start] < 0x80, bytes[start] != 0x0D, start + 1 == bytes.count || bytes[start + 1] < 0x80 {
                graphemes.append(
                    SplitGrapheme(start: start, units: 1, traits: traits(Unicode.Scalar(bytes[start]), isAlone: true)))
                start += 1
                continue
            }
            let begin = text.utf8.index(text.startIndex, offsetBy: start), end = text.index(after: begin)
            let scalars = text.unicodeScalars[begin..<end]
            let units = scalars.reduce(0) { $0 + ($1.value > 0xFFFF ? 2 : 1) }
            let isAlone = scalars.index(after: scalars.startIndex) == scalars.endIndex
            graphemes.append(
                SplitGrapheme(start: start, units: units, traits: traits(scalars[scalars.startIndex], isAlone: isAlone))
            )
            start += text.utf8.distance(from: begin, to: end)
        }
        return graphemes
    }

    /// Of a grapheme the first scalar tells what it is, as `Character` has it; a mark or sign with more is none.
    private static func traits(_ first: Unicode.Scalar, isAlone: Bool) -> Traits {
        var traits: Traits = []
        switch first.value {
        case 0x0A...0x0D, 0x85, 0x2028, 0x2029: traits = [.whitespace, .newline]
        case 0x20, 0x09: traits = .whitespace
        case 0x21...0x7E where first != "." && first != "!" && first != "?": return []
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
