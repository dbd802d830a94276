import Native

/// A text as it is compared with one that comes back: providers and phones change white space and marks on the way.
enum SaidText {
    /// 16 hexadecimal digits; nil of a text that says nothing.
    static func digest(_ text: String) -> String? {
        let plain = bytes(text)
        return plain.isEmpty ? nil : Hex.encode(Digest.sha256.hash(plain).prefix(8))
    }

    /// Without white space, marks of direction and other characters that nobody sees.
    static func plain(_ text: String) -> String { String(decoding: bytes(text), as: UTF8.self) }

    /// In UTF-8. Each text is digested before it is sent, and looking at it took ten times as long as hashing it.
    private static func bytes(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        var seen = [UInt8](repeating: 0, count: bytes.count), place = 0, end = 0
        var kept = seen.mutableSpan
        while place < bytes.count {
            let byte = bytes[place]
            if byte < 0x80 {
                kept[end] = byte
                if byte > 0x20, byte != 0x7F { end += 1 }
                place += 1
                continue
            }
            let (length, isSeen) = scalar(of: text, bytes, at: place)
            for offset in 0..<length { kept[end + offset] = bytes[place + offset] }
            if isSeen { end += length }
            place += length
        }
        seen.removeLast(seen.count - end)
        return seen
    }

    /// - Returns: its bytes, and whether somebody sees it.
    private static func scalar(of text: String, _ bytes: [UInt8], at place: Int) -> (length: Int, isSeen: Bool) {
        // Most are letters, which need no search of Unicode's tables.
        if let letter = PlainScalar(bytes, at: place) { return (letter.length, true) }
        let scalar = text.unicodeScalars[text.utf8.index(text.startIndex, offsetBy: place)]
        let category = scalar.properties.generalCategory
        let isUnseen = scalar.properties.isWhitespace || category == .format || category == .control
        return (UTF8.width(scalar), !isUnseen)
    }
}
