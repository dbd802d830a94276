/// The graphemes at the front of what is left of a text, hardly more than fit into one part.
struct SplitWindow {
    private let text: String
    private let bytes: [UInt8]
    private(set) var graphemes: [SplitGrapheme] = []
    /// UTF-16 units of the graphemes, and how many of them are isolate marks.
    private var units = 0, marks = 0
    /// Where the graphemes begin and end, in bytes.
    private var start = 0, end = 0

    init(_ text: String) {
        self.text = text
        bytes = Array(text.utf8)
    }

    var hasIsolateMarks: Bool { marks > 0 }

    /// What is left, of which the graphemes are the first.
    var rest: Substring { text[place(start)...] }

    /// The first `count` graphemes. 0...graphemes.count.
    func text(first count: Int) -> Substring {
        text[place(start)..<place(count < graphemes.count ? graphemes[count].start : end)]
    }

    /// Reads on until there are more than `limit` UTF-16 units; the last grapheme is the one that is too much. false: so
    /// many are not left, and the graphemes may be too few.
    mutating func fill(past limit: Int) -> Bool {
        // There is no text with more units in UTF-16 than bytes in UTF-8.
        guard bytes.count - start > limit else { return false }
        let text = text, bytes = bytes
        while units <= limit, readNext(text, bytes) {}
        return units > limit
    }

    /// Leaves the first `count` graphemes behind, and the white space that follows.
    mutating func drop(_ count: Int) {
        var behind = count
        while behind < graphemes.count || readNext(text, bytes), graphemes[behind].traits.contains(.whitespace) {
            behind += 1
        }
        for grapheme in graphemes[..<behind] { tally(grapheme, -1) }
        graphemes.removeFirst(behind)
        start = graphemes.first?.start ?? end
    }

    /// - Parameters: `text` and `bytes`: not taken from here for each grapheme, which would count references.
    private mutating func readNext(_ text: String, _ bytes: [UInt8]) -> Bool {
        guard end < bytes.count else { return false }
        let (grapheme, end) = SplitGrapheme.read(text, bytes, at: end)
        graphemes.append(grapheme)
        tally(grapheme, 1)
        self.end = end
        return true
    }

    private mutating func tally(_ grapheme: SplitGrapheme, _ sign: Int) {
        units += sign * Int(grapheme.units)
        if grapheme.isIsolateMark { marks += sign }
    }

    private func place(_ byte: Int) -> String.Index { text.utf8.index(text.startIndex, offsetBy: byte) }
}
