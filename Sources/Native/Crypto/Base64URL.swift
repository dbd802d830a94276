/// Base64 with the alphabet that is safe in URLs, without padding: RFC 4648 section 5, as JSON web signatures use it
/// (RFC 7515 section 2).
package enum Base64URL {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// Each character's six bits; 255 where the character is none of the alphabet.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
        return values
    }()

    package static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = [], bits = 0, held = 0
        text.reserveCapacity((bytes.count * 4 + 2) / 3)
        for byte in bytes {
            bits = (bits << 8 | Int(byte)) & 0x3fff
            held += 8
            while held >= 6 {
                held -= 6
                text.append(alphabet[bits >> held & 63])
            }
        }
        if held > 0 { text.append(alphabet[bits << (6 - held) & 63]) }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of a text in the one form that `encode` gives them; nil for any other text: padding, white space,
    /// characters of the other alphabet, a lone last character, bits that no byte takes.
    package static func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = [], bits = 0, held = 0
        bytes.reserveCapacity(text.count * 3 / 4)
        for character in text {
            let value = values[Int(character)]
            guard value < 64 else { return nil }
            bits = (bits << 6 | Int(value)) & 0x3fff
            held += 6
            if held >= 8 {
                held -= 8
                bytes.append(UInt8(bits >> held & 255))
            }
        }
        return held < 6 && bits & (1 << held - 1) == 0 ? bytes : nil
    }
}
