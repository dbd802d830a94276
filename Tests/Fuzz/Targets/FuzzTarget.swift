import Native

/// Something that reads what strangers send, and what must hold for every input.
package struct FuzzTarget: Sendable {
    package enum Format: Sendable { case json, text }

    /// Also the name of its folder in the corpus.
    package let name: String
    /// JSON is changed value by value, so that most inputs get past the parser.
    package let format: Format
    /// The dictionary's name.
    package let dictionary: String
    /// Longest input, bytes: what real ones need, since time grows with it.
    package let maxLength: Int
    private let body: @LoopActor @Sendable ([UInt8]) throws(Violation) -> Void

    init(
        _ name: String, _ format: Format, dictionary: String, maxLength: Int = 512,
        _ body: @escaping @LoopActor @Sendable ([UInt8]) throws(Violation) -> Void
    ) {
        self.name = name
        self.format = format
        self.dictionary = dictionary
        self.maxLength = maxLength
        self.body = body
    }

    /// - Throws: what did not hold.
    @LoopActor package func run(_ input: [UInt8]) throws(Violation) { try body(input) }

    /// Of one input in eight: whether to make the checks that take long and that every other input would pass or fail as
    /// well. By the input alone, so that a broken promise breaks again.
    static func isCheckedWhole(_ input: [UInt8]) -> Bool {
        guard let last = input.last else { return true }
        return (input.count &+ Int(input[input.count / 2]) &+ Int(last)) & 7 == 0
    }
}
