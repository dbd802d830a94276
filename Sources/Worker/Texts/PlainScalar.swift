/// A scalar that makes a grapheme by itself wherever another such one follows, or nothing: one of property `Other` or
/// `Control`, or a Hangul syllable, of Unicode Annex 29, and of one UTF-16 unit. To ask Unicode's tables where graphemes
/// end takes thirty times as long.
///
/// Not all of them: the letters and the punctuation that most is written in.
struct PlainScalar {
    let value: UInt32
    /// Bytes in UTF-8.
    let length: Int

    /// nil: what begins at this byte is no such scalar.
    ///
    /// - Parameter bytes: valid UTF-8, in which a scalar begins at `place`.
    init?(_ bytes: [UInt8], at place: Int) {
        let first = bytes[place]
        switch first {
        // With CR, LF may be one grapheme.
        case 0x0D: return nil
        case 0..<0x80: (value, length) = (UInt32(first), 1)
        case 0xC3..<0xE0: (value, length) = (Self.value(first & 0x1F, bytes[(place + 1)...(place + 1)]), 2)
        case 0xE2..<0xF0: (value, length) = (Self.value(first & 0x0F, bytes[(place + 1)...(place + 2)]), 3)
        default: return nil
        }
        guard length == 1 || Self.isPlain(value) else { return nil }
    }

    var unicode: Unicode.Scalar { Unicode.Scalar(value) ?? "\u{FFFD}" }

    private static func value(_ first: UInt8, _ following: ArraySlice<UInt8>) -> UInt32 {
        following.reduce(UInt32(first)) { $0 << 6 | UInt32($1 & 0x3F) }
    }

    private static func isPlain(_ value: UInt32) -> Bool {
        switch value {
        case 0xC0...0x24F: true  // Latin
        case 0x370...0x482, 0x48A...0x52F: true  // Greek and Cyrillic without its combining marks
        case 0x5D0...0x5EA: true  // Hebrew
        case 0x620...0x64A: true  // Arabic
        case 0x2010...0x2027: true  // dashes, quotation marks, ellipsis
        case 0x3001...0x3029, 0x3041...0x3096, 0x30A1...0x30FA: true  // Japanese
        case 0x4E00...0x9FFF: true  // Chinese
        case 0xAC00...0xD7A3: true  // Korean
        case 0xFF01...0xFF60: true  // fullwidth
        default: false
        }
    }
}
