import Native

/// One line of the URL table.
struct Route {
    typealias Handler = @LoopActor (HTTPRequest, PathWords) async -> HTTPResponse

    let method: String
    private let pattern: [Substring]
    let handler: Handler

    /// - Parameter pattern: words that must be equal, and `:names` that stand for one word each.
    init(_ method: String, _ pattern: StaticString, _ handler: @escaping Handler) {
        self.method = method
        self.pattern = "\(pattern)".split(separator: "/")
        self.handler = handler
    }

    /// The words behind the pattern's names, or nil when the path is another one.
    func match(_ path: [Substring]) -> PathWords? {
        guard path.count == pattern.count else { return nil }
        var words = PathWords()
        for (wanted, word) in zip(pattern, path) {
            if wanted.first == ":" {
                words.values.append((wanted.dropFirst(), URLEncodedForm.decode(ArraySlice(Array(word.utf8)))))
            } else if wanted != word {
                return nil
            }
        }
        return words
    }
}

/// The words of a path that a route has names for, decoded.
struct PathWords {
    fileprivate(set) var values: [(name: Substring, value: String)] = []

    /// Traps when the route's pattern has no such name.
    subscript(_ name: String) -> String {
        guard let found = values.first(where: { $0.name == name }) else {
            preconditionFailure("no \(name) in the route")
        }
        return found.value
    }
}
