import Native

/// Who the messages of one change are from: its `contacts`, and the business's own number.
@LoopActor struct MetaContacts {
    private let contacts: [JSONElement]
    /// In digits.
    private let ownNumber: String?

    init(_ value: JSONElement) {
        contacts = value["contacts"]?.items ?? []
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
        // `wa_id` may differ from `from` by a country's old form of its numbers.
        return known ?? (contacts.count == 1 ? contacts[0] : nil)
    }
}
