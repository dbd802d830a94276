import Shared

/// Splits a long reply at a provider's limit.
enum TextSplitter {
    /// Parts that fit every one of the providers, so that a part is the same whoever sends it.
    static func split(_ text: String, for order: [ProviderName], _ settings: BusinessSettings) -> [String] {
        let limit = order.map { $0.textLimit(of: settings) }.min() ?? ProviderName.twilio.textLimit
        return split(text, limit: limit)
    }

    /// Parts of at most `limit` UTF-16 units, in order, cut at the last paragraph, line, sentence or word bound that
    /// leaves a part at least half full, and never inside a grapheme. White space at a cut is dropped.
    ///
    /// A part of another direction, which stands between isolate marks, is cut only where no other bound is found; then
    /// the marks are closed at the end of the one part and opened again in the next. A grapheme longer than the limit
    /// makes a part of its own.
    static func split(_ text: String, limit: Int) -> [String] {
        // Most texts, and then nothing is looked at twice.
        let graphemes = text.utf16.count > limit ? SplitGrapheme.all(of: text) : []
        var left = graphemes.reduce(0) { $0 + $1.units }, first = 0
        var parts: [String] = [], isolates = Isolates()
        func place(_ number: Int) -> String.Index {
            number < graphemes.count ? graphemes[number].place(in: text) : text.endIndex
        }
        while isolates.open.count + left > limit {
            let end = end(of: graphemes, from: first, limit: limit - isolates.open.count, isolates)
            let cut = bound(in: graphemes[first..<end], isolates) ?? end
            let opening = isolates.opening
            isolates.read(graphemes[first..<cut], of: text)
            parts.append(opening + trim(text[place(first)..<place(cut)]) + isolates.closing)
            var next = cut
            while next < graphemes.count, graphemes[next].traits.contains(.whitespace) { next += 1 }
            left -= graphemes[first..<next].reduce(0) { $0 + $1.units }
            first = next
        }
        parts.append(isolates.opening + trim(graphemes.isEmpty ? text[...] : text[place(first)...]))
        return parts.filter { part in part.unicodeScalars.contains { !BidiText.isIsolateMark($0) } }
    }

    /// The isolates that are open at a place of a text.
    private struct Isolates {
        private(set) var open: [Character] = []

        /// Deeper ones than anybody writes are not kept, so that the marks cannot fill a part.
        private static let deepest = 4

        mutating func read(_ graphemes: ArraySlice<SplitGrapheme>, of text: String) {
            for grapheme in graphemes where grapheme.isIsolateMark { read(grapheme, text[grapheme.place(in: text)]) }
        }

        /// - Parameter character: which one it is; where only their number matters, any.
        mutating func read(_ grapheme: SplitGrapheme, _ character: Character = BidiText.isolateEnd) {
            if grapheme.traits.contains(.isolate), open.count < Self.deepest {
                open.append(character)
            } else if grapheme.traits.contains(.isolateEnd) {
                _ = open.popLast()
            }
        }

        var opening: String { String(open) }
        var closing: String { String(repeating: BidiText.isolateEnd, count: open.count) }
    }

    /// The end of as many whole graphemes as fit with the marks that close what is open behind them, but of at least one.
    private static func end(of graphemes: [SplitGrapheme], from first: Int, limit: Int, _ before: Isolates) -> Int {
        var end = first, units = 0, isolates = before
        while end < graphemes.count {
            units += graphemes[end].units
            isolates.read(graphemes[end])
            if units + isolates.open.count > limit { break }
            end += 1
        }
        return max(end, first + 1)
    }

    private static func bound(in window: ArraySlice<SplitGrapheme>, _ before: Isolates) -> Int? {
        let half = window.startIndex + window.count / 2
        var isolates = before
        for grapheme in window[..<half] { isolates.read(grapheme) }
        let latter = window[half...]
        let isInside = latter.map { grapheme in
            isolates.read(grapheme)
            return !isolates.open.isEmpty
        }
        if let bound = bound(in: latter, { !isInside[$0 - half] }) { return bound }
        // The last place outside of isolates cuts a word, but not what belongs together.
        if let outside = isInside.lastIndex(of: false) { return half + outside + 1 }
        return bound(in: latter) { _ in true }
    }

    /// - Parameter admits: whether a cut behind the grapheme of that number may be made.
    private static func bound(in latter: ArraySlice<SplitGrapheme>, _ admits: (Int) -> Bool) -> Int? {
        let bounds: [(SplitGrapheme.Traits, SplitGrapheme.Traits)] = [
            (.newline, .newline), (.newline, []), (.sentenceEnd, .whitespace), (.whitespace, []),
        ]
        for (trait, following) in bounds {
            for place in latter.indices.reversed() where latter[place].traits.isSuperset(of: trait) {
                let next = place + 1 < latter.endIndex ? latter[place + 1].traits : []
                if next.isSuperset(of: following), admits(place) { return place + 1 }
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
    fileprivate static func isIsolateMark(_ scalar: Unicode.Scalar) -> Bool { (0x2066...0x2069).contains(scalar.value) }
}
