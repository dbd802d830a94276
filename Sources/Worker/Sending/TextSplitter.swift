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
        var window = SplitWindow(text), isolates = Isolates()
        var parts: [String] = []
        while window.fill(past: limit - isolates.open.count) {
            let end = end(of: window, limit: limit - isolates.open.count, isolates)
            let cut = bound(in: window, before: end, isolates) ?? end
            let opening = isolates.opening
            if window.hasIsolateMarks { isolates.read(window.graphemes[..<cut], of: text) }
            parts.append(opening + trim(window.text(first: cut)) + isolates.closing)
            window.drop(cut)
        }
        parts.append(isolates.opening + trim(window.rest))
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
    private static func end(of window: SplitWindow, limit: Int, _ before: Isolates) -> Int {
        guard window.hasIsolateMarks || !before.open.isEmpty else { return max(window.graphemes.count - 1, 1) }
        var end = 0, units = 0, isolates = before
        for grapheme in window.graphemes {
            units += Int(grapheme.units)
            isolates.read(grapheme)
            if units + isolates.open.count > limit { break }
            end += 1
        }
        return max(end, 1)
    }

    private static func bound(in window: SplitWindow, before end: Int, _ before: Isolates) -> Int? {
        let half = end / 2, latter = window.graphemes[half..<end]
        guard window.hasIsolateMarks || !before.open.isEmpty else { return bound(in: latter) { _ in true } }
        var isolates = before
        for grapheme in window.graphemes[..<half] { isolates.read(grapheme) }
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
        var best: (rank: Int, end: Int)?, next: SplitGrapheme.Traits = []
        for place in latter.indices.reversed() {
            let traits = latter[place].traits
            if let rank = rank(of: traits, before: next), rank < best?.rank ?? .max, admits(place) {
                if rank == 0 { return place + 1 }
                best = (rank, place + 1)
            }
            next = traits
        }
        return best?.end
    }

    /// How good a bound is behind a grapheme: of a paragraph 0, of a line, of a sentence, of a word 3. nil: it is none.
    private static func rank(of traits: SplitGrapheme.Traits, before next: SplitGrapheme.Traits) -> Int? {
        if traits.isEmpty { return nil }
        if traits.contains(.newline) { return next.contains(.newline) ? 0 : 1 }
        if traits.contains(.sentenceEnd), next.contains(.whitespace) { return 2 }
        return traits.contains(.whitespace) ? 3 : nil
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
