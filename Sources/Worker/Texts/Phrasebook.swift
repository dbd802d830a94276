import Shared

/// Finds the words for what the program itself says to one contact of one business.
///
/// The language is that of the contact's newest message that tells one; else the business's `language`; else English. In
/// this order the words are: the business's in that language; its `fallback_text` or `apology_text`; the operator's
/// `AI_FALLBACK_TEXT`; those that ship.
struct Phrasebook {
    let settings: BusinessSettings
    /// `AI_FALLBACK_TEXT`, where it is set.
    let fallbackText: String?

    /// - Parameter said: what the contact said, newest first. A transcript is as good as a text; there may be none.
    func text(_ text: OwnText, for said: some Sequence<String>) -> String {
        let tag = language(for: said)
        let words = own(text, tag) ?? common(text) ?? shipped(tag)[text]
        return BidiText.marked(BidiText.filled(words, "{word}", with: optInWord(tag)))
    }

    /// A primary language, which may be one that ships no texts.
    func language(for said: some Sequence<String>) -> String {
        LanguageGuess.language(ofFirst: said)?.rawValue
            ?? settings.language.map(Language.primary) ?? Language.english.rawValue
    }

    /// Of several regions of the language the business's own comes first.
    private func own(_ text: OwnText, _ language: String) -> String? {
        guard let texts = settings.texts else { return nil }
        let tags = texts.keys.filter { Language.primary(of: $0) == language }.sorted()
        let ordered = tags.filter { $0 == settings.language } + tags.filter { $0 != settings.language }
        return ordered.lazy.compactMap { texts[$0]?[text.rawValue] }.first { !$0.isEmpty }
    }

    private func common(_ text: OwnText) -> String? {
        switch text {
        case .fallback: settings.fallbackText ?? fallbackText
        case .apology: settings.apologyText
        case .optedOut, .optedIn: nil
        }
    }

    private func shipped(_ language: String) -> ShippedTexts {
        .of(
            Language(rawValue: language) ?? settings.language.flatMap { Language(rawValue: Language.primary(of: $0)) }
                ?? .english)
    }

    private func optInWord(_ language: String) -> String {
        settings.optInWords?.first { !$0.isEmpty } ?? shipped(language).optInWords[0]
    }
}
