import Native

/// Reads the body of `POST /webhook/whatsapp/incoming`: Baileys' `messages.upsert` in the gateway's envelope.
///
/// `type` does not matter: `append` is also what the server kept for us while the socket was offline.
@LoopActor package enum BaileysNormalizer {
    /// - Throws: `.unexpected` when the body as a whole has another shape, with what and where.
    package static func normalize(
        _ root: JSONElement, defaultTenant: String?
    ) throws(JSONError) -> [InboundEvent] {
        let tenant = try BaileysEnvelope.tenant(root, default: defaultTenant)
        guard let payload = root["payload"], payload.isObject else { throw .unexpected("payload must be an object") }
        guard let messages = payload["messages"], messages.isArray else {
            throw .unexpected("payload.messages must be an array")
        }
        let own = BaileysEnvelope.own(payload)
        return try BaileysEnvelope.items(messages, "payload.messages").enumerated().map { index, message in
            Self.message(message, tenant: tenant, own: own, at: "payload.messages[\(index)]")
        }
    }

    /// Reads one `WAMessage`, which other gateways built on Baileys hand on as well.
    ///
    /// - Parameters:
    ///   - own: our own addresses, as far as they are told.
    ///   - outer: what the message refers to, where the gateway says it beside the content.
    ///   - place: where it stands in the body, for the sender.
    static func message(
        _ message: JSONElement, tenant: String, provider: ProviderName = .baileys, own: [ContactAddress] = [],
        outer: BaileysContext = BaileysContext(), at place: @autoclosure () -> String
    ) -> InboundEvent {
        guard let key = message["key"], key.isObject else { return .rejected("\(place()).key must be an object") }
        guard let jid = key["remoteJid"]?.string, let address = ContactAddress(jid: jid) else {
            return .rejected("\(place()).key.remoteJid must be an address")
        }
        if key["fromMe"]?.bool == true { return ownMessage(message, key, address, tenant, provider) }
        if let reason = IgnoreReason(of: address) { return .ignored(reason) }
        guard let envelope = message["message"], !isStub(message) else { return .ignored(.stub) }
        guard let id = key["id"]?.string, MessageIdentifier.isValid(id) else {
            return .rejected("\(place()).key.id must be \(MessageIdentifier.rule)")
        }
        guard let sentAt = message["messageTimestamp"].flatMap(BaileysTimestamp.read) else {
            return .rejected("\(place()).messageTimestamp must be seconds since 1970")
        }
        let content: BaileysContent
        switch BaileysContent.read(envelope) {
        case .ignored(let reason): return .ignored(reason)
        case .content(let read): content = read
        }
        let context = content.context.completed(by: outer)
        let name = (message["pushName"] ?? message["verifiedBizName"])?.string
        var media = content.media
        media?.id = id
        return .message(
            InboundMessage(
                tenant: tenant, provider: provider, address: address,
                otherAddresses: address.isGroup ? [] : addresses(key, ["remoteJidAlt", "senderPn", "senderLid"]),
                contactName: address.isGroup ? nil : name,
                author: address.isGroup ? author(message, name, context, own) : nil, messageID: id,
                kind: content.kind, text: content.text, media: media, choiceID: content.choiceID,
                quotedID: context.quotedID, sentAt: sentAt))
    }

    /// A message of the business's own. Whatever cannot be read of it, or is no message, is passed over.
    private static func ownMessage(
        _ message: JSONElement, _ key: JSONElement, _ address: ContactAddress, _ tenant: String,
        _ provider: ProviderName
    ) -> InboundEvent {
        guard IgnoreReason(of: address) == nil, let id = key["id"]?.string, MessageIdentifier.isValid(id),
            !OutboundID.isOurs(id), !isStub(message), let envelope = message["message"],
            case .content(let content) = BaileysContent.read(envelope),
            let sentAt = message["messageTimestamp"].flatMap(BaileysTimestamp.read)
        else { return .ignored(.own) }
        return .ownMessage(
            InboundMessage(
                tenant: tenant, provider: provider, address: address,
                // `senderPn` and `senderLid` are ours here.
                otherAddresses: address.isGroup ? [] : addresses(key, ["remoteJidAlt"]), contactName: nil,
                messageID: id, kind: content.kind, text: content.text, sentAt: sentAt))
    }

    /// A stub comes first when a message cannot be decrypted yet, and the real one follows under the same id; others tell
    /// what happened in a group. 0 and its name are no stub.
    static func isStub(_ message: JSONElement) -> Bool {
        guard let type = message["messageStubType"] else { return false }
        return type.int != 0 && type.string != "UNKNOWN"
    }

    private static func author(
        _ message: JSONElement, _ name: String?, _ context: BaileysContext, _ own: [ContactAddress]
    ) -> InboundAuthor {
        let told = (message["key"]?["participant"] ?? message["participant"])?.string
        return InboundAuthor(
            address: told.flatMap(ContactAddress.init(jid:)),
            otherAddresses: addresses(message["key"], ["participantAlt", "participantPn", "participantLid"]),
            name: name,
            isToUs: GroupPolicy.isToUs(
                mentioned: context.mentioned, quotedAuthor: context.quotedAuthor, own: own))
    }

    private static func addresses(_ key: JSONElement?, _ names: [StaticString]) -> [ContactAddress] {
        names.compactMap { key?[$0]?.string.flatMap(ContactAddress.init(jid:)) }
    }
}
