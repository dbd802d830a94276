import Shared

/// Texts that the program itself says, where neither configuration nor business has one.
enum Texts {
    static let apology = "Sorry, I cannot answer right now. We have been told and will come back to you."
}

extension InboundMessage {
    /// What the AI is told: the text, or what came in its place; in a group after its author, or the AI could not tell
    /// the voices apart.
    var textForAI: String {
        guard let author, let name = author.name ?? author.contact else { return content }
        // On one line, or a name could pass for another one's words.
        return "\(name.split(whereSeparator: \.isNewline).joined(separator: " ")): \(content)"
    }

    private var content: String {
        switch (kind, text) {
        case (.text, let text?): text
        case (_, let text?): "[\(kind.rawValue)] \(text)"
        case (_, nil): "[\(kind.rawValue)]"
        }
    }
}
