/// Splits a long reply at a provider's limit.
enum TextSplitter {
    /// Parts of at most `limit` UTF-16 units, in order, cut at the last paragraph, line, sentence or word bound that
    /// leaves a part at least half full, and never inside a grapheme. White space at a cut is dropped.
    ///
    /// A grapheme longer than the limit makes a part of its own.
    static func split(_ text: String, limit: Int) -> [String] {
        var parts: [String] = []
        var rest = text[...]
        while rest.utf16.count > limit {
            let window = prefix(of: rest, limit: limit)
            let cut = bound(in: window) ?? window.endIndex
            parts.append(trim(rest[..<cut]))
            rest = rest[cut...].drop(while: \.isWhitespace)
        }
        parts.append(trim(rest))
        return parts.filter { !$0.isEmpty }
    }

    /// As many whole graphemes as fit, but at least one.
    private static func prefix(of text: Substring, limit: Int) -> Substring {
        var end = text.startIndex, units = 0
        while end < text.endIndex {
            units += text[end].utf16.count
            if units > limit { break }
            end = text.index(after: end)
        }
        return text[..<max(end, text.index(after: text.startIndex))]
    }

    private static func bound(in window: Substring) -> String.Index? {
        let half = window.index(window.startIndex, offsetBy: window.count / 2)
        let latter = window[half...]
        let bounds: [(Character, Character?) -> Bool] = [
            { $0.isNewline && $1?.isNewline == true },
            { character, _ in character.isNewline },
            { ".!?…。！？؟".contains($0) && $1?.isWhitespace == true },
            { character, _ in character.isWhitespace },
        ]
        for isBound in bounds {
            var index = latter.endIndex, following: Character?
            while index > latter.startIndex {
                index = latter.index(before: index)
                if isBound(latter[index], following) { return latter.index(after: index) }
                following = latter[index]
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
