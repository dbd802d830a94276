/// Bytes of a text as `%XX`, in upper-case digits (RFC 3986, section 2.1).
package enum PercentEncoding {
    /// The text's UTF-8, in which ASCII letters, digits and the characters of `spared`, ASCII too, stand for themselves.
    package static func encode(_ text: String, sparing spared: String) -> String {
        func isSpared(_ byte: UInt8) -> Bool {
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) || spared.utf8.contains(byte)
        }
        // Most names are as they stand.
        if text.utf8.allSatisfy(isSpared) { return text }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count + 16)
        for byte in text.utf8 {
            if isSpared(byte) {
                bytes.append(byte)
            } else {
                bytes.append(UInt8(ascii: "%"))
                bytes.append(Hex.character(byte >> 4, isUpperCase: true))
                bytes.append(Hex.character(byte & 15, isUpperCase: true))
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
