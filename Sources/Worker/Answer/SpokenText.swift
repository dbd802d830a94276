import Shared

/// How what a contact sent is told to the AI in words.
enum SpokenText {
    /// The text, or what came in its place; in a group after its author, or the AI could not tell the voices apart.
    ///
    /// - Parameter text: of a voice message, what was heard in it.
    static func make(_ kind: MessageKind, _ text: String?, author: String?) -> String {
        let content =
            switch (kind, text) {
            case (.text, let text?), (.audio, let text?): text
            case (_, let text?): "[\(kind.rawValue)] \(text)"
            case (_, nil): "[\(kind.rawValue)]"
            }
        guard let author else { return content }
        // On one line, or a name could pass for another one's words.
        return "\(author.split(whereSeparator: \.isNewline).joined(separator: " ")): \(content)"
    }
}

extension InboundMessage {
    /// What the AI is told where media are not looked at.
    var textForAI: String { SpokenText.make(kind, text, author: authorForAI) }

    /// Of a group's message: the name, else the address.
    var authorForAI: String? { author.flatMap { $0.name ?? $0.contact } }
}
