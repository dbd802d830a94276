import Native

/// Reads the body of an Evolution API webhook: its messages are Baileys', with some forms flattened.
///
/// `date_time` is not looked at: it is local time that says it is UTC. `base64` stays where it is: the media can be
/// fetched by the message's id, or from `mediaUrl`.
@LoopActor package enum EvolutionNormalizer {
    /// - Parameter now: when a receipt came, for it carries no time.
    /// - Throws: `.unexpected` when the body as a whole has another shape, with what and where.
    package static func normalize(
        _ root: JSONElement, tenant: String, now: WallTime
    ) throws(JSONError) -> [InboundEvent] {
        guard root.isObject else { throw .unexpected("the body must be an object") }
        guard let event = root["event"]?.string else { throw .unexpected("event must be text") }
        switch EvolutionEvent.pathName(event) {
        case EvolutionEvent.messagesUpsert:
            // Ours, in every event.
            let own = [root["sender"]?.string.flatMap(ContactAddress.init(jid:))].compactMap { $0 }
            return try items(root).map { message($0.item, tenant: tenant, own: own, at: $0.place) }
        case EvolutionEvent.messagesUpdate:
            return try items(root).map { receipt($0.item, tenant: tenant, now: now, at: $0.place) }
        case EvolutionEvent.messagesEdited, EvolutionEvent.sendMessageUpdate: return [.ignored(.edit)]
        case EvolutionEvent.messagesDelete: return [.ignored(.revoke)]
        case EvolutionEvent.sendMessage: return [.ignored(.own)]
        default: return [.ignored(.technical)]
        }
    }

    /// `data` is one item or an array of them.
    private static func items(_ root: JSONElement) throws(JSONError) -> [(item: JSONElement, place: String)] {
        guard let data = root["data"], data.isObject || data.isArray else {
            throw .unexpected("data must be an object or an array")
        }
        if data.isObject { return [(data, "data")] }
        return try BaileysEnvelope.items(data, "data").enumerated().map { ($1, "data[\($0)]") }
    }

    private static func message(
        _ item: JSONElement, tenant: String, own: [ContactAddress], at place: String
    ) -> InboundEvent {
        // With `extendedTextMessage`, which becomes `conversation`, quote and mentions move out of the content.
        let event = BaileysNormalizer.message(
            item, tenant: tenant, provider: .evolution, own: own, outer: BaileysContext(of: item), at: place)
        guard case .message(let message) = event else { return event }
        var media = message.media
        if let url = item["message"]?["mediaUrl"]?.string {
            media = media ?? InboundMedia(id: message.messageID)
            media?.url = url
        }
        return .message(
            InboundMessage(
                tenant: message.tenant, provider: message.provider, address: message.address,
                otherAddresses: message.otherAddresses, contactName: message.contactName, author: message.author,
                messageID: message.messageID, kind: message.kind, text: message.text, media: media,
                choiceID: message.choiceID, quotedID: message.quotedID, sentAt: message.sentAt))
    }

    private static func receipt(
        _ item: JSONElement, tenant: String, now: WallTime, at place: String
    ) -> InboundEvent {
        guard item.isObject else { return .rejected("\(place) must be an object") }
        // Of a contact's message it says that we have read it.
        if (item["fromMe"] ?? item["key"]?["fromMe"])?.bool == false { return .ignored(.technical) }
        let word = (item["status"] ?? item["update"]?["status"]).flatMap { $0.string ?? $0.int.map(String.init) }
        guard let status = word.flatMap(DeliveryStatus.init(baileys:)) else { return .ignored(.technical) }
        guard let id = (item["keyId"] ?? item["key"]?["id"])?.string, MessageIdentifier.isValid(id) else {
            return .rejected("\(place).keyId must be \(MessageIdentifier.rule)")
        }
        return .receipt(
            DeliveryReceipt(
                tenant: tenant, provider: .evolution, providerMessageID: id, status: status, at: now,
                error: status == .failed ? "evolution_error" : nil))
    }
}
