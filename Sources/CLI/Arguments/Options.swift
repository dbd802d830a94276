/// The options of one command: read word by word, each known by its name and whether it takes a value.
///
/// `--name value` and `--name=value` are the same. `--` ends the options. A repeated option counts as an error: which
/// of the two was meant is anybody's guess.
struct Options {
    private var values: [String: String] = [:]
    private var flags: Set<String> = []
    /// What is no option, in order.
    private(set) var words: [String] = []

    /// - Parameters:
    ///   - valued: names, without dashes, of options that take a value.
    ///   - flags: names of those that take none.
    ///   - takesWords: whether there may be arguments that are no options.
    init(
        _ words: some Sequence<String>, valued: Set<String> = [], flags known: Set<String> = [],
        takesWords: Bool = false
    ) throws(UsageError) {
        var words = Array(words)[...]
        while let word = words.popFirst() {
            guard word.hasPrefix("--"), word.count > 2 else {
                guard takesWords, !word.hasPrefix("-") || word == "--" else {
                    throw UsageError("unexpected argument “\(word)”")
                }
                if word == "--" {
                    self.words += words
                    return
                }
                self.words.append(word)
                continue
            }
            let (name, inline) = Self.split(word)
            if values[name] != nil || flags.contains(name) { throw UsageError("--\(name) is given twice") }
            if known.contains(name) {
                if inline != nil { throw UsageError("--\(name) takes no value") }
                flags.insert(name)
            } else if valued.contains(name) {
                guard let value = inline ?? words.popFirst(), !value.isEmpty else {
                    throw UsageError("--\(name) needs a value")
                }
                values[name] = value
            } else {
                throw UsageError("unknown option --\(name)")
            }
        }
    }

    subscript(_ name: String) -> String? { values[name] }

    func has(_ flag: String) -> Bool { flags.contains(flag) }

    func int(_ name: String, in range: ClosedRange<Int>, default standard: Int) throws(UsageError) -> Int {
        guard let text = values[name] else { return standard }
        guard let number = Int(text), range.contains(number) else {
            throw UsageError(
                "--\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound), not “\(text)”")
        }
        return number
    }

    private static func split(_ word: String) -> (name: String, value: String?) {
        let body = word.dropFirst(2)
        guard let equals = body.firstIndex(of: "=") else { return (String(body), nil) }
        return (String(body[..<equals]), String(body[body.index(after: equals)...]))
    }
}
