import Native

/// A text as it is compared with one that comes back: providers and phones change white space and marks on the way.
enum SaidText {
    /// 16 hexadecimal digits; nil of a text that says nothing.
    static func digest(_ text: String) -> String? {
        let plain = plain(text)
        return plain.isEmpty ? nil : Hex.encode(Digest.sha256.hash(Array(plain.utf8)).prefix(8))
    }

    /// Without white space, marks of direction and other characters that nobody sees.
    static func plain(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars where !isUnseen(scalar) { scalars.append(scalar) }
        return String(scalars)
    }

    private static func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
        // The same for most scalars, without a search of Unicode's tables.
        if scalar.isASCII { return scalar.value <= 0x20 || scalar.value == 0x7F }
        let category = scalar.properties.generalCategory
        return scalar.properties.isWhitespace || category == .format || category == .control
    }
}
