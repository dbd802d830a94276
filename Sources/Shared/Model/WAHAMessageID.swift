/// WAHA's id of a message: `{fromMe}_{chat}_{stanza}`, in groups with `_{participant}` behind it.
///
/// The stanza is WhatsApp's own id. It alone is the same in what a send answers and in the acknowledgements that follow:
/// the chat of the one may be a phone (`@c.us`) and of the other the same contact's `@lid`.
package struct WAHAMessageID: Sendable, Equatable {
    package let isOwn: Bool
    package let chat: String
    package let stanza: String
    package let participant: String?

    /// nil when the text has another form.
    package init?(_ text: String) {
        guard let first = text.firstIndex(of: "_"), let isOwn = Bool(String(text[..<first])) else { return nil }
        let rest = text[text.index(after: first)...]
        guard let second = rest.firstIndex(of: "_") else { return nil }
        var stanza = rest[rest.index(after: second)...]
        participant = stanza.lastIndex(of: "_").flatMap { last in
            let behind = stanza[stanza.index(after: last)...]
            guard behind.contains("@") else { return nil }
            stanza = stanza[..<last]
            return String(behind)
        }
        guard !stanza.isEmpty else { return nil }
        self.isOwn = isOwn
        chat = String(rest[..<second])
        self.stanza = String(stanza)
    }

    /// The stanza of an id in WAHA's form or in WhatsApp's own.
    package static func stanza(of id: String) -> String { WAHAMessageID(id)?.stanza ?? id }
}
