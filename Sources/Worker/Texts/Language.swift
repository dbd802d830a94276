/// A language that ships with texts of its own.
enum Language: String, Sendable, CaseIterable {
    case english = "en"
    case hebrew = "he"
    case arabic = "ar"
    case spanish = "es"
    case portuguese = "pt"

    /// The language of a tag (RFC 5646) in lower case, without region and script: `pt` of `pt-BR`.
    static func primary(of tag: String) -> String {
        tag.prefix { $0 != "-" && $0 != "_" }.lowercased()
    }
}
