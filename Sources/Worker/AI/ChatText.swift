import Native

/// The text of an answer's message. Its content is a string, null, or parts; what the AI thought before it spoke is not
/// for the contact.
@LoopActor enum ChatText {
    /// Without white space at its ends that thoughts left behind; empty when there is none but that.
    static func read(_ message: JSONElement) -> String {
        guard let content = message["content"] else { return "" }
        let text: String
        if let whole = content.string {
            text = whole
        } else {
            text = content.items.filter { isText($0["type"]?.string) }.compactMap { $0["text"]?.string }.joined()
        }
        let spoken = withoutThoughts(text)
        return spoken.contains { !$0.isWhitespace } ? spoken : ""
    }

    /// vLLM: `reasoning_content`, later `reasoning`; Ollama: `reasoning`; Mistral: parts of type `thinking`.
    static func hasReasoning(_ message: JSONElement) -> Bool {
        message["reasoning_content"] != nil || message["reasoning"] != nil
            || message["content"]?.string?.contains(opening) == true || message["content"]?.items.isEmpty == false
    }

    private static func isText(_ type: String?) -> Bool { type == nil || type == "text" || type == "output_text" }

    private static let opening = "<think>"
    private static let closing = "</think>"

    /// A server that does not know its model's marks leaves the thoughts in the text, some without the first mark. A mark
    /// that nobody closed: all of it is thought.
    private static func withoutThoughts(_ text: String) -> String {
        // Most have none, and a search for words goes character by character.
        guard ByteSearch.contains(UInt8(ascii: "<"), in: text) else { return text }
        var rest = text[...]
        // It may have thought twice.
        repeat {
            guard let end = rest.firstRange(of: closing)?.upperBound else { break }
            guard rest.firstRange(of: opening).map({ isBlank(rest[..<$0.lowerBound]) }) ?? true else { break }
            rest = rest[end...].drop { $0.isWhitespace }
        } while rest.hasPrefix(opening)
        guard let start = rest.firstRange(of: opening)?.lowerBound, isBlank(rest[..<start]) else { return String(rest) }
        return ""
    }

    private static func isBlank(_ text: Substring) -> Bool { text.allSatisfy(\.isWhitespace) }
}
