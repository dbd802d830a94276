/// Which language a message is written in, by its script, then by common words and marks. Decides only where it is sure.
enum LanguageGuess {
    /// nil: unsure, as of "ok", a link, or a language that ships no texts.
    static func language(of text: String) -> Language? {
        let words = text.prefix(mostCharacters).split(whereSeparator: \.isWhitespace).filter { !isAddress($0) }
        let scripts = Scripts(words)
        // Who writes in one of these at all speaks it: the names of things in between are often Latin.
        if scripts.hebrew > scripts.arabic, scripts.hebrew * latinPerLetter >= scripts.others { return .hebrew }
        if scripts.arabic > scripts.hebrew, scripts.arabic * latinPerLetter >= scripts.others {
            return scripts.hasForeignArabic ? nil : .arabic
        }
        guard scripts.latin * 2 > scripts.all else { return nil }
        return latin(words)
    }

    /// The first of these that is sure, as the newest of a contact's messages.
    static func language(ofFirst texts: some Sequence<String>) -> Language? {
        for text in texts { if let language = language(of: text) { return language } }
        return nil
    }

    private static let mostCharacters = 500
    private static let latinPerLetter = 4

    /// Links and addresses of mail are no words of any language.
    private static func isAddress(_ word: Substring) -> Bool {
        word.contains("://") || word.contains("@") || word.hasPrefix("www.")
    }

    // MARK: Scripts

    private struct Scripts {
        var latin = 0, hebrew = 0, arabic = 0, unknown = 0
        /// Letters of Persian, Urdu and others that Arabic does not have.
        var hasForeignArabic = false

        var all: Int { latin + hebrew + arabic + unknown }
        var others: Int { latin + unknown }

        init(_ words: [Substring]) {
            for scalar in words.lazy.flatMap(\.unicodeScalars) where Self.isLetter(scalar) {
                switch scalar.value {
                case 0x41...0x5A, 0x61...0x7A, 0xAA, 0xBA, 0xC0...0x24F, 0x1E00...0x1EFF: latin += 1
                case 0x590...0x5FF, 0xFB1D...0xFB4F: hebrew += 1
                case 0x600...0x6FF, 0x750...0x77F, 0x8A0...0x8FF, 0xFB50...0xFDFF, 0xFE70...0xFEFC:
                    arabic += 1
                    if "پچژگکیےہھٹڈڑں".unicodeScalars.contains(scalar) { hasForeignArabic = true }
                default: unknown += 1
                }
            }
        }

        /// Most letters are ASCII, and Unicode's tables are slow.
        private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
            scalar.isASCII ? (0x61...0x7A).contains(scalar.value | 0x20) : scalar.properties.isAlphabetic
        }
    }

    // MARK: Latin

    /// The one with the most signs, if it has two at least and no other has as many.
    private static func latin(_ words: [Substring]) -> Language? {
        var signs = Signs()
        for word in words { signs.add(LatinWord.letters(of: word), of: word) }
        return signs.winner
    }

    private struct Signs {
        private var english = 0, spanish = 0, portuguese = 0, foreign = 0

        mutating func add(_ letters: String, of word: Substring) {
            if LatinWord.english.contains(letters) { english += 2 }
            if LatinWord.foreign.contains(letters) { foreign += 2 }
            let isSpanish = LatinWord.spanish.contains(letters), isPortuguese = LatinWord.portuguese.contains(letters)
            // A word of both says that it is one of the two, and not which.
            if isSpanish { spanish += isPortuguese ? 1 : 2 }
            if isPortuguese { portuguese += isSpanish ? 1 : 2 }
            if word.utf8.allSatisfy({ $0 < 0x80 }) { return }
            if word.contains(where: { "ñÑ¿¡".contains($0) }) { spanish += 2 }
            if word.contains(where: { "ãõÃÕ".contains($0) }) { portuguese += 2 }
            if word.contains(where: { "äößůřěąęłżøåșțğış".contains($0) }) { foreign += 2 }
        }

        var winner: Language? {
            let most = max(english, spanish, portuguese)
            guard most >= 2, foreign < most else { return nil }
            let winners: [(Int, Language)] = [(english, .english), (spanish, .spanish), (portuguese, .portuguese)]
            let best = winners.filter { $0.0 == most }
            return best.count == 1 ? best[0].1 : nil
        }
    }
}
