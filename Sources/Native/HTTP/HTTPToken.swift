/// What the names of headers consist of (RFC 9110, section 5.6.2).
package enum HTTPToken {
    /// As bits of the ASCII characters 0 to 63 and 64 to 127.
    private static let characters: (UInt64, UInt64) = {
        var bits: (UInt64, UInt64) = (0, 0)
        for byte in UInt8(0x21)...0x7E where !"\"(),/:;<=>?@[\\]{}".utf8.contains(byte) {
            if byte < 64 { bits.0 |= 1 << UInt64(byte) } else { bits.1 |= 1 << UInt64(byte - 64) }
        }
        return bits
    }()

    /// Whether the bytes are one; an empty text is none.
    static func isToken(_ text: UnsafeRawBufferPointer) -> Bool {
        let (low, high) = characters
        for index in 0..<text.count {
            let byte = unsafe text[index]
            let isFit = byte < 64 ? low >> UInt64(byte) & 1 : byte < 128 ? high >> UInt64(byte - 64) & 1 : 0
            if isFit == 0 { return false }
        }
        return unsafe !text.isEmpty
    }

    package static func isToken(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { text in unsafe isToken(UnsafeRawBufferPointer(text)) }
    }
}
