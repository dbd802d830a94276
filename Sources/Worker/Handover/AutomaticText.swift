import Shared

/// Texts that the phone's app sends by itself, as WhatsApp Business does to greet: nobody has typed them.
enum AutomaticText {
    /// Whether the text is one of the business's `automatic_texts`. One that ends in `*` stands for all that begin so, as
    /// with a name in it.
    static func isOne(_ text: String?, _ settings: BusinessSettings) -> Bool {
        guard let text, let known = settings.automaticTexts else { return false }
        let said = SaidText.plain(text)
        return known.contains { pattern in
            guard pattern.hasSuffix("*") else { return SaidText.plain(pattern) == said && !said.isEmpty }
            let beginning = SaidText.plain(String(pattern.dropLast()))
            return !beginning.isEmpty && said.hasPrefix(beginning)
        }
    }
}
