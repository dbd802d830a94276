/// A path of a URL table: words that must be equal, and `:names` that stand for one word each.
package struct PathPattern: Sendable {
    private let words: [Substring]

    package init(_ pattern: StaticString) { words = Self.words(of: "\(pattern)") }

    /// What a path is matched as: its words, not decoded. Of `//` and a `/` at the end the words are empty.
    package static func words(of path: String) -> [Substring] {
        let slash = UInt8(ascii: "/"), bytes = path.utf8
        return bytes.dropFirst(bytes.first == slash ? 1 : 0).split(separator: slash, omittingEmptySubsequences: false)
            .map { Substring($0) }
    }

    /// The words behind the pattern's names, or nil when the path is another one.
    package func match(_ path: [Substring]) -> PathWords? {
        guard path.count == words.count else { return nil }
        var named = PathWords()
        for (wanted, word) in zip(words, path) {
            if wanted.first == ":", !word.isEmpty {
                named.values.append((wanted.dropFirst(), URLEncodedForm.decode(ArraySlice(Array(word.utf8)))))
            } else if wanted != word {
                return nil
            }
        }
        return named
    }
}

/// The words of a path that a pattern has names for, decoded.
package struct PathWords: Sendable {
    fileprivate(set) var values: [(name: Substring, value: String)] = []

    package init() {}

    /// Traps when the pattern has no such name.
    package subscript(_ name: String) -> String {
        guard let value = self[optional: name] else { preconditionFailure("no \(name) in the pattern") }
        return value
    }

    /// nil when the pattern has no such name.
    package subscript(optional name: String) -> String? { values.first { $0.name == name }?.value }
}
