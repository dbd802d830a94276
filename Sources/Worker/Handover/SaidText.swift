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

    /// In UTF-8. Each text is digested before it is sent, and appending to a string took ten times as long as hashing it.
    private static func bytes(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars where !isUnseen(scalar) {
            if scalar.isASCII { bytes.append(UInt8(scalar.value)) } else { bytes += UTF8.encode(scalar) ?? .init() }
        }
        return bytes
    }

    private static func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
        // The same for most scalars, without a search of Unicode's tables.
        if scalar.isASCII { return scalar.value <= 0x20 || scalar.value == 0x7F }
        let category = scalar.properties.generalCategory
        return scalar.properties.isWhitespace || category == .format || category == .control
    }
}
