/// What the program itself says, by its name in `settings.texts` and in the files of `Shipped`.
enum OwnText: String, Sendable, CaseIterable {
    /// The AI is late.
    case fallback
    /// There will be no answer.
    case apology
    /// The contact has asked for no more broadcasts; `{word}` stands for the word that brings them back.
    case optedOut = "opted_out"
    case optedIn = "opted_in"
}
