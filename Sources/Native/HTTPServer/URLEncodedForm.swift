/// The fields of a query string or of an `application/x-www-form-urlencoded` body, in their order.
///
/// Decoding never fails: a `%` that is not followed by two hex digits stands for itself, and what is not UTF-8 is
/// repaired (U+FFFD). `+` is a space. Empty pieces (`a=1&&b=2`) are passed over.
package struct URLEncodedForm: Sendable {
    package let fields: [(name: String, value: String)]

    package init(_ text: [UInt8]) {
        fields = text.split(separator: UInt8(ascii: "&")).map { piece in
            guard let equals = piece.firstIndex(of: UInt8(ascii: "=")) else { return (Self.decode(piece), "") }
            return (Self.decode(piece[..<equals]), Self.decode(piece[(equals + 1)...]))
        }
    }

    package init(_ text: String) { self.init(Array(text.utf8)) }

    /// The first field of that name.
    package subscript(_ name: String) -> String? { fields.first { $0.name == name }?.value }

    /// One name or value in clear. Also right for a part of a path, but for its treatment of `+`.
    package static func decode(_ text: ArraySlice<UInt8>) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var index = text.startIndex
        while index < text.endIndex {
            let byte = text[index]
            index += 1
            if byte == UInt8(ascii: "%"), index + 1 < text.endIndex,
                let high = hexDigit(text[index]), let low = hexDigit(text[index + 1])
            {
                bytes.append(high << 4 | low)
                index += 2
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
