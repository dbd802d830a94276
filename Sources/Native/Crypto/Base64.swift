internal import CCrypto

/// Base64 of RFC 4648 section 4, with padding.
package enum Base64 {
    package static func encode(_ bytes: [UInt8]) -> String {
        if bytes.isEmpty { return "" }
        // libcrypto ends the text with a NUL.
        return unsafe String(unsafeUninitializedCapacity: (bytes.count + 2) / 3 * 4 + 1) { text in
            Int(unsafe EVP_EncodeBlock(text.baseAddress!, bytes, Int32(bytes.count)))
        }
    }

    /// nil where the text is not Base64 on one line: other characters, another length, padding elsewhere than at the end.
    package static func decode(_ text: [UInt8]) -> [UInt8]? {
        if text.isEmpty { return [] }
        let padding = text.suffix(3).reversed().prefix { $0 == UInt8(ascii: "=") }.count
        // libcrypto passes over white space and dashes at the end, and takes `=` anywhere.
        guard text.count.isMultiple(of: 4), padding < 3, text.count <= Int(Int32.max),
            text.dropLast(padding).allSatisfy(isDigit)
        else { return nil }
        return unsafe [UInt8](unsafeUninitializedCapacity: text.count / 4 * 3) { space, count in
            // Padding is told as bytes of zero.
            count = Int(unsafe EVP_DecodeBlock(space.baseAddress!, text, Int32(text.count))) - padding
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
            true
        default: false
        }
    }
}
