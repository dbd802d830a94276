/// A text as the one variable of a template: in a template Meta takes no new lines, no tabs and no four spaces in a row, and
/// 1,024 characters with the template's own words.
/// Source: Meta's "Message templates", and error 132018 of its "Error codes".
package enum TemplateText {
    /// UTF-16 units. The rest is left to the template.
    package static let limit = 900

    static func make(_ text: String) -> String {
        let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard words.utf16.count > limit else { return words }
        var cut = "", count = 0
        for character in words {
            count += character.utf16.count
            if count >= limit { break }
            cut.append(character)
        }
        return cut + "…"
    }
}
