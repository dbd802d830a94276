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
    package subscript(_ name: String) -> String? {
        let length = name.utf8.count
        for place in fields.indices where fields[place].name.utf8.count == length && fields[place].name == name {
            return fields[place].value
        }
        return nil
    }

    private static func field(_ piece: ArraySlice<UInt8>) -> (name: String, value: String) {
        guard let equals = piece.firstIndex(of: UInt8(ascii: "=")) else { return (decode(piece), "") }
        return (decode(piece[..<equals]), decode(piece[(equals + 1)...]))
    }

    /// One name or value in clear. Also right for a part of a path, but for its treatment of `+`.
    package static func decode(_ text: ArraySlice<UInt8>) -> String {
        // Most names and values have nothing to decode.
        let isEncoded = [UInt8(ascii: "%"), UInt8(ascii: "+")].contains {
            ByteSearch.firstIndex(of: $0, in: text) != nil
        }
        guard isEncoded else { return String(decoding: text, as: UTF8.self) }
        let bytes = [UInt8](capacity: text.count) { bytes in decode(text.span, to: &bytes) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends no more than the text has.
    private static func decode(_ text: Span<UInt8>, to bytes: inout OutputSpan<UInt8>) {
        var place = 0
        while place < text.count {
            let byte = text[place]
            place += 1
            if byte == UInt8(ascii: "%"), place + 1 < text.count,
                let high = Hex.digit(text[place]), let low = Hex.digit(text[place + 1])
            {
                bytes.append(high << 4 | low)
                place += 2
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
    }
}
