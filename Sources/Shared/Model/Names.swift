/// The id of a business: part of keys, paths and labels, so its characters are few.
package enum TenantName {
    package static let rule = "1 to 64 letters, digits, '-', '_' or '.'"

    package static func isValid(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }
}

/// A provider's id of a message.
package enum MessageIdentifier {
    package static let rule = "1 to 255 printable ASCII characters without spaces and '|'"

    package static func isValid(_ text: String) -> Bool { KeyPart.isValid(text, most: 255) }
}

/// What others name, and we make part of a queue's keys.
enum KeyPart {
    /// Whether the text has 1 to `most` bytes, all of them printable ASCII without spaces and `|`, which separates parts.
    static func isValid(_ text: String, most: Int) -> Bool {
        let bytes = text.utf8.span
        return (1...most).contains(bytes.count)
            && bytes.indices.allSatisfy {
                bytes[$0] > 0x20 && bytes[$0] < 0x7F && bytes[$0] != UInt8(ascii: "|")
            }
    }
}
