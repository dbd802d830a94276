import Native

/// Reads the body of `POST /webhook/whatsapp/incoming`: Baileys' `messages.upsert` in the gateway's envelope.
///
/// `type` does not matter: `append` is also what the server kept for us while the socket was offline.
@LoopActor package enum BaileysNormalizer {
    /// - Throws: `.unexpected` when the body as a whole has another shape, with what and where.
    package static func normalize(
        _ root: JSONElement, defaultTenant: String?
    ) throws(JSONError) -> [InboundEvent] {
        guard root.isObject else { throw .unexpected("the body must be an object") }
        let tenant = try tenant(root, default: defaultTenant)
        guard let payload = root["payload"], payload.isObject else { throw .unexpected("payload must be an object") }
        guard let messages = payload["messages"], messages.isArray else {
            throw .unexpected("payload.messages must be an array")
        }
        return messages.items.enumerated().map { index, message in
            Self.message(message, tenant: tenant, at: "payload.messages[\(index)]")
        }
    }

    private static func tenant(_ root: JSONElement, default standard: String?) throws(JSONError) -> String {
        guard let named = root["tenantId"] else {
            guard let standard else { throw .unexpected("tenantId is missing and DEFAULT_BUSINESS is not set") }
            return standard
        }
        guard let tenant = named.string, TenantName.isValid(tenant) else {
            throw .unexpected("tenantId must be \(TenantName.rule)")
        }
        return tenant
    }

    /// Reads one `WAMessage`, which other gateways built on Baileys hand on as well.
    ///
    /// - Parameter place: where it stands in the body, for the sender.
    static func message(
        _ message: JSONElement, tenant: String, provider: ProviderName = .baileys, own: [ContactAddress] = [],
        at place: @autoclosure () -> String
    ) -> InboundEvent {
        guard let key = message["key"], key.isObject else { return .rejected("\(place()).key must be an object") }
        guard let jid = key["remoteJid"]?.string, let address = ContactAddress(jid: jid) else {
            return .rejected("\(place()).key.remoteJid must be an address")
        }
        if let reason = ignoring(address, key) { return .ignored(reason) }
        // A stub comes first when a message cannot be decrypted yet; the real one follows under the same id.
        guard let envelope = message["message"], message["messageStubType"] == nil else { return .ignored(.stub) }
        guard let id = key["id"]?.string, MessageIdentifier.isValid(id) else {
            return .rejected("\(place()).key.id must be \(MessageIdentifier.rule)")
        }
        guard let sentAt = message["messageTimestamp"].flatMap(BaileysTimestamp.read) else {
            return .rejected("\(place()).messageTimestamp must be seconds since 1970")
        }
        switch BaileysContent.read(envelope) {
        case .ignored(let reason): return .ignored(reason)
        case .content(let kind, let text):
            let others = ["remoteJidAlt", "senderPn", "senderLid"] as [StaticString]
            return .message(
                InboundMessage(
                    tenant: tenant, provider: provider, address: address,
                    otherAddresses: others.compactMap { key[$0]?.string.flatMap(ContactAddress.init(jid:)) },
                    contactName: message["pushName"]?.string, messageID: id, kind: kind, text: text, sentAt: sentAt))
        }
    }

    private static func ignoring(_ address: ContactAddress, _ key: JSONElement) -> IgnoreReason? {
        if key["fromMe"]?.bool == true { return .own }
        if address.rawValue == "status@broadcast" { return .status }
        if address.isBroadcast { return .broadcast }
        if address.isNewsletter { return .newsletter }
        return address.isGroup ? .group : nil
    }
}
