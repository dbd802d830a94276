import Native

extension FuzzTarget {
    /// Decodes, encodes what came out, and decodes that.
    static let form = FuzzTarget("form", .text, dictionary: "form", maxLength: 384) { input throws(Violation) in
        let form = URLEncodedForm(input)
        let pieces = input.count { $0 == UInt8(ascii: "&") } + 1
        try hold(form.fields.count <= pieces, "\(form.fields.count) fields of \(pieces) pieces")
        let decoded = form.fields.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count }
        // Only bytes that are no UTF-8 may grow: each into one U+FFFD of three bytes.
        let limit = input.allSatisfy { $0 < 0x80 } ? input.count : 3 * input.count
        try hold(decoded <= limit, "\(decoded) bytes decoded of \(input.count)")

        let again = URLEncodedForm(encoded(form))
        try hold(again.fields.elementsEqual(form.fields) { $0 == $1 }, "the fields change when they are sent again")
        for field in form.fields.prefix(4) {
            try hold(form[field.name] != nil, "a field is not found by its name")
        }
    }

    private static func encoded(_ form: URLEncodedForm) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(1024)
        for field in form.fields {
            if !bytes.isEmpty { bytes.append(UInt8(ascii: "&")) }
            append(field.name, to: &bytes)
            bytes.append(UInt8(ascii: "="))
            append(field.value, to: &bytes)
        }
        return bytes
    }

    private static let digits = Array("0123456789ABCDEF".utf8)

    private static func append(_ text: String, to bytes: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: bytes.append(byte)
            default:
                bytes.append(UInt8(ascii: "%"))
                bytes.append(digits[Int(byte >> 4)])
                bytes.append(digits[Int(byte & 15)])
            }
        }
    }
}
