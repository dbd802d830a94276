/// The fields of a query string or of an `application/x-www-form-urlencoded` body, in their order.
///
/// Decoding never fails: a `%` that is not followed by two hex digits stands for itself, and what is not UTF-8 is
/// repaired (U+FFFD). `+` is a space. Empty pieces (`a=1&&b=2`) are passed over.
package struct URLEncodedForm: Sendable {
    /// Fields behind these are not read, so that a megabyte of `a&a&a` costs no more than a long message. Twilio sends
    /// some hundred at most; a signature over fields that were not read is wrong.
    package static let maxFields = 1024

    /// Bytes behind these are not read either. Twilio's forms have some thousand.
    package static let maxBytes = 128 << 10

    package let fields: [(name: String, value: String)]

    package init(_ all: [UInt8]) {
        let text = all.prefix(Self.maxBytes)
        var fields: [(name: String, value: String)] = [], start = text.startIndex
        while start < text.endIndex, fields.count < Self.maxFields {
            let end = text[start...].firstIndex(of: UInt8(ascii: "&")) ?? text.endIndex
            if end > start { fields.append(Self.field(text[start..<end])) }
            start = end + 1
        }
        self.fields = fields
    }

    package init(_ text: String) { self.init(Array(text.utf8)) }

    /// The first field of that name.
    package subscript(_ name: String) -> String? { fields.first { $0.name == name }?.value }

    private static func field(_ piece: ArraySlice<UInt8>) -> (name: String, value: String) {
        guard let equals = piece.firstIndex(of: UInt8(ascii: "=")) else { return (decode(piece), "") }
        return (decode(piece[..<equals]), decode(piece[(equals + 1)...]))
    }

    /// One name or value in clear. Also right for a part of a path, but for its treatment of `+`.
    package static func decode(_ text: ArraySlice<UInt8>) -> String {
        // Most names and values have nothing to decode.
        guard text.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) else {
            return String(decoding: text, as: UTF8.self)
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var index = text.startIndex
        while index < text.endIndex {
            let byte = text[index]
            index += 1
            if byte == UInt8(ascii: "%"), index + 1 < text.endIndex,
                let high = Hex.digit(text[index]), let low = Hex.digit(text[index + 1])
            {
                bytes.append(high << 4 | low)
                index += 2
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
