import Native
import Shared

/// Contacts as people keep them: one a line, perhaps the first column of a table.
struct ContactList: Equatable {
    /// As conversations name them, each once, in the file's order.
    let contacts: [String]

    /// Empty lines and those that begin with `#` are passed over. Of a line, what is before the first comma, semicolon or tab
    /// counts; spaces, hyphens, dots and brackets in a phone number do not.
    ///
    /// - Throws: the number of the first line that is no contact.
    init(_ text: String) throws(OperateFailure) {
        var contacts: [String] = [], known: Set<String> = []
        for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let line = line.trimmingSpaces()
            if line.isEmpty || line.hasPrefix("#") { continue }
            let cell = line.prefix { !",;\t".contains($0) }.trimmingSpaces()
            guard let contact = Self.contact(String(cell)) else {
                throw .usage("line \(number + 1) of the contacts is not \(ContactName.rule)")
            }
            if known.insert(contact).inserted { contacts.append(contact) }
        }
        self.contacts = contacts
    }

    private static func contact(_ cell: String) -> String? {
        let bare = cell.filter { !" -.()\u{A0}".contains($0) }
        if let phone = ContactAddress(rawValue: bare)?.phone, !cell.contains("@") { return phone }
        // A word that stands alone is a column's title or a name, and no address.
        guard let address = ContactAddress(jid: cell),
            address.phone != nil || address.server == "lid" || address.isBusinessScopedID
        else { return nil }
        return address.phone ?? address.rawValue
    }
}
