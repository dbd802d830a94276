import Shared

/// Texts that the program itself says, where neither configuration nor business has one.
enum Texts {
    static let apology = "Sorry, I cannot answer right now. We have been told and will come back to you."
}

extension InboundMessage {
    /// What the AI is told: the text, or what came in its place.
    var textForAI: String {
        switch (kind, text) {
        case (.text, let text?): text
        case (_, let text?): "[\(kind.rawValue)] \(text)"
        case (_, nil): "[\(kind.rawValue)]"
        }
    }
}
