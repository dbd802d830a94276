/// One-dimensional Postgres arrays as text: `{1,2}`, `{"a","b \" c"}`.
enum PostgresArray {
    /// Every element is quoted, so that no element can be mistaken for NULL or for syntax.
    static func append(_ elements: [String], to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "{"))
        for (index, element) in elements.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(UInt8(ascii: "\""))
            for byte in element.utf8 {
                if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { bytes.append(UInt8(ascii: "\\")) }
                bytes.append(byte)
            }
            bytes.append(UInt8(ascii: "\""))
        }
        bytes.append(UInt8(ascii: "}"))
    }

    static func append(_ elements: [Int], to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "{"))
        bytes.append(contentsOf: elements.map(String.init).joined(separator: ",").utf8)
        bytes.append(UInt8(ascii: "}"))
    }

    /// The elements; an SQL NULL among them is nil. Nil when `text` is no one-dimensional array.
    static func parse(_ text: some Sequence<UInt8>) -> [String?]? {
        var parser = Parser(rest: Array(text)[...])
        return parser.parse()
    }

    private struct Parser {
        var rest: ArraySlice<UInt8>

        mutating func parse() -> [String?]? {
            guard rest.popFirst() == UInt8(ascii: "{") else { return nil }
            if rest.first == UInt8(ascii: "}") { return rest.count == 1 ? [] : nil }
            var elements: [String?] = []
            while true {
                guard let element = element() else { return nil }
                elements.append(element)
                switch rest.popFirst() {
                case UInt8(ascii: ","): continue
                case UInt8(ascii: "}"): return rest.isEmpty ? elements : nil
                default: return nil
                }
            }
        }

        private mutating func element() -> String?? {
            rest.first == UInt8(ascii: "\"") ? quoted().map { .some($0) } : bare()
        }

        private mutating func quoted() -> String? {
            rest.removeFirst()
            var bytes: [UInt8] = []
            while let byte = rest.popFirst() {
                switch byte {
                case UInt8(ascii: "\""): return String(decoding: bytes, as: UTF8.self)
                case UInt8(ascii: "\\"):
                    guard let escaped = rest.popFirst() else { return nil }
                    bytes.append(escaped)
                default: bytes.append(byte)
                }
            }
            return nil
        }

        private mutating func bare() -> String?? {
            let word = rest.prefix { $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "}") }
            guard !word.isEmpty, word.first != UInt8(ascii: "{") else { return nil }
            rest.removeFirst(word.count)
            let text = String(decoding: word, as: UTF8.self)
            return text == "NULL" ? .some(nil) : text
        }
    }
}
