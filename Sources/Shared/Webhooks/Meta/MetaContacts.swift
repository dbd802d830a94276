import Native

/// Who the messages of one change are from: its `contacts`, and the business's own number.
@LoopActor struct MetaContacts {
    private let contacts: [JSONElement]
    /// In digits.
    private let ownNumber: String?
    /// Whether all messages name the same author.
    private let isOneAuthor: Bool

    init(_ value: JSONElement) {
        contacts = value["contacts"]?.items ?? []
        let messages = value["messages"]?.items ?? []
        isOneAuthor = messages.count < 2 || Set(messages.map(Author.init)).count == 1
        ownNumber = value["metadata"]?["display_phone_number"]?.string.map {
            String(decoding: $0.utf8.filter { (0x30...0x39).contains($0) }, as: UTF8.self)
        }
    }

    func isOwn(_ message: JSONElement) -> Bool {
        guard let ownNumber, !ownNumber.isEmpty else { return false }
        return message["from"]?.string == ownNumber
    }

    /// Where the author is reached: `from` first where it is told, then the others. A user who hides the phone has a user
    /// id only.
    func addresses(of message: JSONElement) -> [ContactAddress] {
        let contact = contact(of: message)
        let texts = [
            message["from"]?.string, message["from_user_id"]?.string, contact?["wa_id"]?.string,
            contact?["user_id"]?.string,
        ]
        var addresses: [ContactAddress] = []
        for case let text? in texts {
            guard let address = ContactAddress(rawValue: text), !addresses.contains(address) else { continue }
            addresses.append(address)
        }
        return addresses
    }

    func name(of message: JSONElement) -> String? {
        let profile = contact(of: message)?["profile"]
        let name = profile?["name"]?.string ?? profile?["username"]?.string
        return name.flatMap { $0.isEmpty ? nil : $0 }
    }

    private func contact(of message: JSONElement) -> JSONElement? {
        let from = message["from"]?.string, userID = message["from_user_id"]?.string
        let known = contacts.first { contact in
            if let from, contact["wa_id"]?.string == from { return true }
            return userID != nil && contact["user_id"]?.string == userID
        }
        // `wa_id` may differ from `from` by a country's old form of its numbers, so one contact belongs to one author. Of
        // several authors, or under another user id, it is somebody else.
        guard known == nil, contacts.count == 1, isOneAuthor else { return known }
        if let userID, let other = contacts[0]["user_id"]?.string, other != userID { return nil }
        return contacts[0]
    }

    private struct Author: Hashable {
        let phone: String?
        let userID: String?

        @LoopActor init(_ message: JSONElement) {
            phone = message["from"]?.string
            userID = message["from_user_id"]?.string
        }
    }
}
