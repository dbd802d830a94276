/// Splits a long reply at a provider's limit.
enum TextSplitter {
    /// Parts of at most `limit` UTF-16 units, in order, cut at the last paragraph, line, sentence or word bound that
    /// leaves a part at least half full, and never inside a grapheme. White space at a cut is dropped.
    ///
    /// A part of another direction, which stands between isolate marks, is cut only where no other bound is found; then
    /// the marks are closed at the end of the one part and opened again in the next. A grapheme longer than the limit
    /// makes a part of its own.
    static func split(_ text: String, limit: Int) -> [String] {
        var parts: [String] = []
        var rest = text[...], isolates = Isolates()
        while isolates.open.count + rest.utf16.count > limit {
            let window = prefix(of: rest, limit: limit - isolates.open.count, isolates)
            let cut = bound(in: window, isolates) ?? window.endIndex
            let opening = isolates.opening
            isolates.read(rest[..<cut])
            parts.append(opening + trim(rest[..<cut]) + isolates.closing)
            rest = rest[cut...].drop(while: \.isWhitespace)
        }
        parts.append(isolates.opening + trim(rest))
        return parts.filter { part in part.contains { !BidiText.isIsolateMark($0) } }
    }

    /// The isolates that are open at a place of a text.
    private struct Isolates {
        private(set) var open: [Character] = []

        /// Deeper ones than anybody writes are not kept, so that the marks cannot fill a part.
        private static let deepest = 4

        mutating func read(_ text: Substring) { for character in text { read(character) } }

        mutating func read(_ character: Character) {
            if BidiText.isolates.contains(character), open.count < Self.deepest {
                open.append(character)
            } else if character == BidiText.isolateEnd {
                _ = open.popLast()
            }
        }

        var opening: String { String(open) }
        var closing: String { String(repeating: BidiText.isolateEnd, count: open.count) }
    }

    /// As many whole graphemes as fit with the marks that close what is open behind them, but at least one.
    private static func prefix(of text: Substring, limit: Int, _ before: Isolates) -> Substring {
        var end = text.startIndex, units = 0, isolates = before
        while end < text.endIndex {
            units += text[end].utf16.count
            isolates.read(text[end])
            if units + isolates.open.count > limit { break }
            end = text.index(after: end)
        }
        return text[..<max(end, text.index(after: text.startIndex))]
    }

    private static func bound(in window: Substring, _ before: Isolates) -> String.Index? {
        let half = window.index(window.startIndex, offsetBy: window.count / 2)
        var isolates = before
        isolates.read(window[..<half])
        var isInside: [Bool] = []
        for character in window[half...] {
            isolates.read(character)
            isInside.append(!isolates.open.isEmpty)
        }
        return bound(in: window[half...]) { !isInside[$0] }
            ?? (isInside.contains(false)
                ? outside(window[half...], isInside) : bound(in: window[half...]) { _ in true })
    }

    /// The last place outside of isolates. It cuts a word, but not what belongs together.
    private static func outside(_ latter: Substring, _ isInside: [Bool]) -> String.Index? {
        guard let place = isInside.lastIndex(of: false) else { return nil }
        return latter.index(latter.startIndex, offsetBy: place + 1)
    }

    /// - Parameter admits: whether a cut behind the character of that number may be made.
    private static func bound(in latter: Substring, _ admits: (Int) -> Bool) -> String.Index? {
        let bounds: [(Character, Character?) -> Bool] = [
            { $0.isNewline && $1?.isNewline == true },
            { character, _ in character.isNewline },
            { ".!?…。！？؟".contains($0) && $1?.isWhitespace == true },
            { character, _ in character.isWhitespace },
        ]
        let characters = Array(latter)
        for isBound in bounds {
            for place in characters.indices.reversed() {
                let following = place + 1 < characters.count ? characters[place + 1] : nil
                if admits(place), isBound(characters[place], following) {
                    return latter.index(latter.startIndex, offsetBy: place + 1)
                }
            }
        }
        return nil
    }

    private static func trim(_ text: Substring) -> String {
        var text = text
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}

extension BidiText {
    /// Takes no room on the screen, and says nothing by itself.
    fileprivate static func isIsolateMark(_ character: Character) -> Bool {
        isolates.contains(character) || character == isolateEnd
    }
}
