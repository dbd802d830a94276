import Native

/// Reads the body of Meta's WhatsApp webhooks: every entry, every change, every message and status.
///
/// Shapes: Meta's "Cloud API webhooks"; fields and kinds come unannounced, so what is not known is passed over.
@LoopActor package enum MetaNormalizer {
    /// - Parameter tenant: of the business's number, by Meta's id of it. nil: what is for it is passed over.
    /// - Throws: `.unexpected` when the body as a whole has another shape, with what and where.
    package static func normalize(
        _ root: JSONElement, tenant: (String) -> String?
    ) throws(JSONError) -> [InboundEvent] {
        guard root.isObject else { throw .unexpected("the body must be an object") }
        guard let object = root["object"]?.string else { throw .unexpected("object must be a string") }
        guard object == "whatsapp_business_account" else { return [.ignored(.technical)] }
        guard let entries = root["entry"], entries.isArray else { throw .unexpected("entry must be an array") }
        var events: [InboundEvent] = []
        for (index, entry) in entries.items.enumerated() {
            guard let changes = entry["changes"], changes.isArray else {
                events.append(.rejected("entry[\(index)].changes must be an array"))
                continue
            }
            for (number, change) in changes.items.enumerated() {
                events += read(change, "entry[\(index)].changes[\(number)]", tenant)
            }
        }
        return events
    }

    /// Every id of a business's number that the body names, each once, in order. For a proof that depends on them:
    /// what has no such id comes to no message. None when there are more changes than Meta sends: nobody has proven the
    /// body yet, and it may not cost much.
    package static func phoneNumberIDs(_ root: JSONElement) -> [String] {
        var ids: [String] = [], seen: Set<String> = [], left = mostChanges
        for entry in root["entry"]?.items(atMost: mostChanges) ?? [] {
            guard let changes = entry["changes"], changes.isArray else { continue }
            guard let changes = changes.items(atMost: left) else { return [] }
            left -= changes.count
            for change in changes {
                guard let id = phoneNumberID(change["value"]), seen.insert(id).inserted else { continue }
                ids.append(id)
            }
        }
        return ids
    }

    /// Meta batches 1,000 updates at most ("Webhooks", Graph API).
    private static let mostChanges = 2000

    private static func phoneNumberID(_ value: JSONElement?) -> String? {
        value?["metadata"]?["phone_number_id"]?.string.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// What was written in the WhatsApp Business app or on a device linked to it. What is sent through the API is not among it.
    /// Source: Meta's "smb_message_echoes webhook reference".
    private static func echoes(_ value: JSONElement?, _ tenant: (String) -> String?) -> [InboundEvent] {
        let echoes = value?["message_echoes"]?.items ?? []
        guard let tenant = phoneNumberID(value).flatMap(tenant) else { return echoes.map { _ in .ignored(.own) } }
        return echoes.map { MetaMessage.own($0, tenant: tenant) }
    }

    private static func read(
        _ change: JSONElement, _ place: @autoclosure () -> String, _ tenant: (String) -> String?
    ) -> [InboundEvent] {
        guard let field = change["field"]?.string else { return [.rejected("\(place()).field must be a string")] }
        switch field {
        case "smb_message_echoes": return echoes(change["value"], tenant)
        case "messages": break
        default: return [.ignored(.technical)]
        }
        guard let value = change["value"], value.isObject else {
            return [.rejected("\(place()).value must be an object")]
        }
        let messages = value["messages"], statuses = value["statuses"]
        // Errors of the account stand here without a message.
        if messages == nil, statuses == nil { return [.ignored(.technical)] }
        guard let id = phoneNumberID(value) else {
            return [.rejected("\(place()).value.metadata.phone_number_id must be a string")]
        }
        if let messages, !messages.isArray { return [.rejected("\(place()).value.messages must be an array")] }
        if let statuses, !statuses.isArray { return [.rejected("\(place()).value.statuses must be an array")] }
        guard let tenant = tenant(id) else {
            return Array(
                repeating: .ignored(.unproven), count: (messages?.items.count ?? 0) + (statuses?.items.count ?? 0))
        }
        let contacts = MetaContacts(value)
        return (messages?.items ?? []).enumerated().map { index, message in
            MetaMessage.event(message, contacts, tenant: tenant, "\(place()).value.messages[\(index)]")
        }
            + (statuses?.items ?? []).enumerated().map { index, status in
                MetaStatus.event(status, tenant: tenant, "\(place()).value.statuses[\(index)]")
            }
    }
}
