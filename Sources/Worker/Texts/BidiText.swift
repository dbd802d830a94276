/// Keeps a text readable that has parts of both directions: Hebrew or Arabic, and a name, a number or a link in between.
///
/// A reader's program takes the direction of each line from its first letter (rules P2 and P3 of Unicode Annex 9). So a
/// Hebrew sentence that begins with a product's name would be laid out from the left, its full stop at the wrong end.
enum BidiText {
    enum Direction { case leftToRight, rightToLeft }

    /// U+200E and U+200F.
    static let leftToRightMark: Character = "\u{200E}"
    static let rightToLeftMark: Character = "\u{200F}"

    /// Begin a part whose direction is of no consequence to what is around it: U+2066 to U+2068.
    static let isolates: Set<Character> = ["\u{2066}", "\u{2067}", "\u{2068}"]
    /// Ends the latest of them.
    static let isolateEnd: Character = "\u{2069}"

    /// The text with a mark before each line that begins in another direction than the text as a whole is written in.
    static func marked(_ text: String) -> String {
        guard let direction = mostly(text) else { return text }
        let mark = direction == .rightToLeft ? rightToLeftMark : leftToRightMark
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            first(line).map { $0 != direction } == true ? "\(mark)\(line)" : String(line)
        }
        return lines.joined(separator: "\n")
    }

    /// The text with `value` in place of `name`, isolated where it runs the other way.
    static func filled(_ text: String, _ name: String, with value: String) -> String {
        guard text.contains(name) else { return text }
        let isForeign = mostly(text.replacing(name, with: "")) != mostly(value)
        return text.replacing(name, with: isForeign ? "\u{2068}\(value)\(isolateEnd)" : value)
    }

    /// The direction of most letters; nil without any.
    static func mostly(_ text: some StringProtocol) -> Direction? {
        var right = 0, left = 0
        for scalar in text.unicodeScalars {
            switch direction(of: scalar) {
            case .rightToLeft: right += 1
            case .leftToRight: left += 1
            case nil: break
            }
        }
        if right == 0, left == 0 { return nil }
        return right >= left ? .rightToLeft : .leftToRight
    }

    /// The direction that a line's reader takes it for: of its first letter or mark outside of isolates.
    private static func first(_ line: some StringProtocol) -> Direction? {
        var depth = 0
        for scalar in line.unicodeScalars {
            let character = Character(scalar)
            if isolates.contains(character) {
                depth += 1
            } else if character == isolateEnd {
                depth = max(0, depth - 1)
            } else if depth == 0, let direction = direction(of: scalar) {
                return direction
            }
        }
        return nil
    }

    /// nil of digits, punctuation and pictures. By block: the right-to-left scripts stand together.
    private static func direction(of scalar: Unicode.Scalar) -> Direction? {
        switch scalar.value {
        case 0x200E: .leftToRight
        case 0x200F, 0x61C: .rightToLeft
        case 0x590...0x8FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFC, 0x10800...0x10FFF, 0x1E800...0x1EFFF:
            scalar.properties.isAlphabetic ? .rightToLeft : nil
        default: scalar.properties.isAlphabetic ? .leftToRight : nil
        }
    }
}
