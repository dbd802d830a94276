import Native

/// Reads the body of a WAHA webhook (WhatsApp HTTP API).
///
/// The id kept of a message is WAHA's whole one, by which it is quoted and its media fetched. `message` and `message.any`
/// name the same message by the same id, so a session that is set to send both gets one answer.
@LoopActor package enum WAHANormalizer {
    /// - Parameter now: when a receipt came, where its event does not say.
    /// - Throws: `.unexpected` when the body as a whole has another shape, with what and where.
    package static func normalize(
        _ root: JSONElement, tenant: String, now: WallTime
    ) throws(JSONError) -> [InboundEvent] {
        guard root.isObject else { throw .unexpected("the body must be an object") }
        guard let event = root["event"]?.string else { throw .unexpected("event must be text") }
        switch event {
        case "message", "message.any": return [message(try payload(root), tenant: tenant, me: root["me"])]
        case "message.ack", "message.ack.group":
            let at = root["timestamp"].flatMap(WAHATimestamp.read) ?? now
            return [receipt(try payload(root), tenant: tenant, at: at)]
        case "message.reaction": return [.ignored(.reaction)]
        case "message.revoked": return [.ignored(.revoke)]
        case "message.edited": return [.ignored(.edit)]
        default: return [.ignored(.technical)]
        }
    }

    private static func payload(_ root: JSONElement) throws(JSONError) -> JSONElement {
        guard let payload = root["payload"], payload.isObject else { throw .unexpected("payload must be an object") }
        return payload
    }

    private static func message(_ payload: JSONElement, tenant: String, me: JSONElement?) -> InboundEvent {
        if payload["fromMe"]?.bool == true { return own(payload, tenant: tenant) }
        guard let address = payload["from"]?.string.flatMap(ContactAddress.init(jid:)) else {
            return .rejected("payload.from must be an address")
        }
        let raw = payload["_data"]
        if let reason = IgnoreReason(of: address) ?? ignoring(raw) { return .ignored(reason) }
        guard let id = payload["id"]?.string, MessageIdentifier.isValid(id) else {
            return .rejected("payload.id must be \(MessageIdentifier.rule)")
        }
        guard let sentAt = payload["timestamp"].flatMap(WAHATimestamp.read) else {
            return .rejected("payload.timestamp must be seconds or milliseconds since 1970")
        }
        let content: WAHAContent
        switch WAHAContent.read(payload, id: id) {
        case .ignored(let reason): return .ignored(reason)
        case .content(let read): content = read
        }
        let person = WAHAPerson.read(payload), isGroup = address.isGroup
        return .message(
            InboundMessage(
                tenant: tenant, provider: .waha, address: address,
                otherAddresses: isGroup ? [] : person.otherAddresses.filter { $0 != address },
                contactName: isGroup ? nil : person.name,
                author: isGroup ? person.author(payload, content.context, me: me) : nil, messageID: id,
                kind: content.kind,
                text: content.text, media: content.media, choiceID: content.choiceID,
                quotedID: payload["replyTo"]?["id"]?.string, sentAt: sentAt))
    }

    /// A message of the business's own, which only `message.any` brings. `source` says of one that was sent through WAHA's API
    /// that it was; the chat is read of the id, because engines differ in what `from` is then.
    private static func own(_ payload: JSONElement, tenant: String) -> InboundEvent {
        guard payload["source"]?.string != "api", ignoring(payload["_data"]) == nil,
            let text = payload["id"]?.string, MessageIdentifier.isValid(text), let id = WAHAMessageID(text), id.isOwn,
            !OutboundID.isOurs(id.stanza), let address = ContactAddress(jid: id.chat), IgnoreReason(of: address) == nil,
            case .content(let content) = WAHAContent.read(payload, id: text),
            let sentAt = payload["timestamp"].flatMap(WAHATimestamp.read)
        else { return .ignored(.own) }
        let alternative = payload["_data"]?["key"]?["remoteJidAlt"]?.string.flatMap(ContactAddress.init(jid:))
        return .ownMessage(
            InboundMessage(
                tenant: tenant, provider: .waha, address: address,
                otherAddresses: address.isGroup ? [] : [alternative].compactMap { $0 }, contactName: nil,
                messageID: text,
                kind: content.kind, text: content.text, sentAt: sentAt))
    }

    /// What an engine passes on that no contact wrote, or that cannot be read yet and comes again under the same id.
    private static func ignoring(_ raw: JSONElement?) -> IgnoreReason? {
        guard let raw else { return nil }
        if BaileysNormalizer.isStub(raw) { return .stub }
        switch raw["type"]?.string {
        case "ciphertext": return .stub
        case "e2e_notification", "notification", "notification_template", "gp2", "protocol", "call_log":
            return .technical
        default: return nil
        }
    }

    private static func receipt(_ payload: JSONElement, tenant: String, at: WallTime) -> InboundEvent {
        guard let id = payload["id"]?.string, MessageIdentifier.isValid(id) else {
            return .rejected("payload.id must be \(MessageIdentifier.rule)")
        }
        // Of a contact's message it says that we have read it.
        let isOurs = payload["fromMe"]?.bool ?? WAHAMessageID(id)?.isOwn ?? true
        guard isOurs else { return .ignored(.technical) }
        guard let status = status(payload) else { return .ignored(.technical) }
        return .receipt(
            DeliveryReceipt(
                tenant: tenant, provider: .waha, providerMessageID: WAHAMessageID.stanza(of: id), status: status,
                at: at, error: status == .failed ? "waha_ack_error" : nil))
    }

    private static func status(_ payload: JSONElement) -> DeliveryStatus? {
        DeliveryStatus.wahaWord(payload).flatMap { DeliveryStatus(waha: $0) }
    }
}
