import CFuzzer

/// Changes a JSON text by whole values and fields, so that most of what comes out is JSON again.
struct JSONMutator {
    private var random: Seeded
    private let words: [[UInt8]]

    init(seed: UInt32, words: [[UInt8]]) {
        random = Seeded(state: UInt64(seed))
        self.words = words
    }

    private static let scalars: [[UInt8]] = [
        "null", "true", "false", "0", "-1", "1", "1.5", "-0.0", "1e308", "9223372036854775807", "-9223372036854775808",
        "18446744073709551615", "253402300800", "\"\"", "{}", "[]", "[null]", "\"0\"", "\"\\u0000\"",
        "\"\\ud83d\\ude00\"",
    ].map { Array($0.utf8) }

    /// nil: the text has nothing to change by value.
    mutating func mutate(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        let tokens = unsafe JSONTokens(text)
        guard let value = tokens.values.randomElement(using: &random) else { return nil }
        let old = unsafe Array(text)
        switch Int.random(in: 0..<10, using: &random) {
        case 0: return old.replacing(value, by: Self.scalars.randomElement(using: &random)!)
        case 1: return old.replacing(value, by: old[tokens.values.randomElement(using: &random)!])
        case 2: return words.randomElement(using: &random).map { old.replacing(value, by: Self.quoted($0)) }
        case 3: return old.replacing(value, by: old[value] + [UInt8(ascii: ",")] + old[value])
        case 4:
            let name = Array((Bool.random(using: &random) ? "{\"message\":" : "[").utf8)
            let end = name.count == 1 ? UInt8(ascii: "]") : UInt8(ascii: "}")
            return old.replacing(value, by: name + old[value] + [end])
        case 5:
            guard let name = tokens.names.randomElement(using: &random) else { return nil }
            let other = words.randomElement(using: &random).map(Self.quoted)
            return old.replacing(name, by: other ?? Array(old[tokens.names.randomElement(using: &random)!]))
        case 6, 7:
            guard let field = tokens.fields.randomElement(using: &random) else { return nil }
            let other = tokens.fields.randomElement(using: &random)!
            return old.replacing(field, by: old[field] + [UInt8(ascii: ",")] + old[other])
        case 8: return removing(tokens.fields.randomElement(using: &random) ?? value, from: old)
        default:
            guard let string = tokens.strings.randomElement(using: &random) else { return nil }
            return old.replacing(string, by: changed(Array(old[string])))
        }
    }

    /// With the comma behind it, or the one before it.
    private func removing(_ span: Range<Int>, from text: [UInt8]) -> [UInt8] {
        var span = span
        if span.upperBound < text.count, text[span.upperBound] == UInt8(ascii: ",") {
            span = span.lowerBound..<(span.upperBound + 1)
        } else if span.lowerBound > 0, text[span.lowerBound - 1] == UInt8(ascii: ",") {
            span = (span.lowerBound - 1)..<span.upperBound
        }
        return text.replacing(span, by: [])
    }

    /// The inside of a string, changed by libFuzzer, and mostly made fit to stand in quotes again.
    private mutating func changed(_ text: [UInt8]) -> [UInt8] {
        let room = text.count + 64
        var space = text + [UInt8](repeating: 0, count: 64)
        let count = unsafe space.withUnsafeMutableBufferPointer {
            unsafe LLVMFuzzerMutate($0.baseAddress, text.count, room)
        }
        let result = space.prefix(count)
        if Int.random(in: 0..<8, using: &random) == 0 { return Array(result) }
        return result.map { $0 < 0x20 || $0 == UInt8(ascii: "\"") ? UInt8(ascii: "x") : $0 }
    }

    private static func quoted(_ word: [UInt8]) -> [UInt8] { [UInt8(ascii: "\"")] + word + [UInt8(ascii: "\"")] }
}

extension [UInt8] {
    fileprivate func replacing(_ span: Range<Int>, by bytes: some Collection<UInt8>) -> [UInt8] {
        var copy = self
        copy.replaceSubrange(span, with: bytes)
        return copy
    }
}
