/// Text as it is compared with words that people type: without case, punctuation, pictures, accents and vowel marks, a
/// single space between words.
enum FoldedText {
    static func fold(_ text: some StringProtocol) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.lowercased().unicodeScalars {
            switch scalar.properties.generalCategory {
            // Accents that stand by themselves, vowel points, and marks of direction.
            case .nonspacingMark, .spacingMark, .enclosingMark, .format: continue
            case .lowercaseLetter, .uppercaseLetter, .titlecaseLetter, .otherLetter, .decimalNumber:
                scalars.append(base(of: scalar))
            // Arabic's tatweel only stretches a word.
            case .modifierLetter: if scalar != "\u{640}" { scalars.append(scalar) }
            default: scalars.append(" ")
            }
        }
        return String(scalars).utf8.split(separator: UInt8(ascii: " ")).map(Substring.init).joined(separator: " ")
    }

    /// The letter without its accent, for those of the shipped languages; and what Arabic writes in several ways as one.
    private static func base(of scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar {
        case "á", "à", "â", "ã", "ä", "å": "a"
        case "é", "è", "ê", "ë": "e"
        case "í", "ì", "î", "ï": "i"
        case "ó", "ò", "ô", "õ", "ö": "o"
        case "ú", "ù", "û", "ü": "u"
        case "ç": "c"
        case "ñ": "n"
        case "أ", "إ", "آ", "ٱ": "ا"
        case "ؤ": "و"
        case "ئ", "ى": "ي"
        case "ة": "ه"
        default: scalar
        }
    }
}
