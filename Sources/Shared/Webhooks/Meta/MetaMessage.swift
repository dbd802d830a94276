import Native

/// Reads one message of Meta's.
@LoopActor enum MetaMessage {
    /// - Parameter place: where it stands in the body, for whoever sent it.
    static func event(
        _ message: JSONElement, _ contacts: MetaContacts, tenant: String, _ place: @autoclosure () -> String
    ) -> InboundEvent {
        guard let type = message["type"]?.string else { return .rejected("\(place()).type must be a string") }
        if contacts.isOwn(message) { return .ignored(.own) }
        if message["group_id"] != nil { return .ignored(.group) }
        if let reason = reason(toIgnore: type) { return .ignored(reason) }
        guard let id = message["id"]?.string, MessageIdentifier.isValid(id) else {
            return .rejected("\(place()).id must be \(MessageIdentifier.rule)")
        }
        let addresses = contacts.addresses(of: message)
        guard let address = addresses.first else {
            return .rejected("\(place()).from or from_user_id must be an address")
        }
        guard let sentAt = MetaTimestamp.read(message["timestamp"]) else {
            return .rejected("\(place()).timestamp must be seconds since 1970")
        }
        let content = MetaContent(message, type: type)
        return .message(
            InboundMessage(
                tenant: tenant, provider: .meta, address: address, otherAddresses: Array(addresses.dropFirst()),
                contactName: contacts.name(of: message), messageID: id, kind: content.kind, text: content.text,
                media: content.media, choiceID: content.choiceID,
                quotedID: message["context"]?["id"]?.string, sentAt: sentAt))
    }

    /// A message of the business's own. Whatever cannot be read of it, or is no message, is passed over.
    static func own(_ message: JSONElement, tenant: String) -> InboundEvent {
        let told = [message["to"], message["to_user_id"]].compactMap {
            $0?.string.flatMap(ContactAddress.init(rawValue:))
        }
        guard let type = message["type"]?.string, reason(toIgnore: type) == nil, message["group_id"] == nil,
            let id = message["id"]?.string, MessageIdentifier.isValid(id), let address = told.first,
            let sentAt = MetaTimestamp.read(message["timestamp"])
        else { return .ignored(.own) }
        let content = MetaContent(message, type: type)
        return .ownMessage(
            InboundMessage(
                tenant: tenant, provider: .meta, address: address, otherAddresses: Array(told.dropFirst()),
                contactName: nil, messageID: id, kind: content.kind, text: content.text, sentAt: sentAt))
    }

    private static func reason(toIgnore type: String) -> IgnoreReason? {
        switch type {
        case "reaction": .reaction
        case "edit": .edit
        case "revoke": .revoke
        // A contact's new number or keys; a chat that was opened and in which nothing was said yet.
        case "system", "request_welcome": .technical
        default: nil
        }
    }
}
