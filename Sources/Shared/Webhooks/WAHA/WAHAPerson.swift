import Native

/// Who wrote a WAHA message, in the engine's own form of it (`_data`): `WEBJS`, `NOWEB` and `GOWS` name things differently.
@LoopActor struct WAHAPerson {
    var name: String?
    var otherAddresses: [ContactAddress]

    static func read(_ payload: JSONElement) -> WAHAPerson {
        let raw = payload["_data"], key = raw?["key"], info = raw?["Info"]
        let addresses = [
            key?["remoteJidAlt"], key?["senderPn"], key?["senderLid"], key?["participantAlt"], key?["participantPn"],
            info?["SenderAlt"],
        ]
        return WAHAPerson(
            name: (raw?["pushName"] ?? raw?["notifyName"] ?? info?["PushName"])?.string,
            otherAddresses: addresses.compactMap(address))
    }

    /// The same as the author of a group's message.
    ///
    /// - Parameters:
    ///   - context: what WhatsApp's own content refers to.
    ///   - me: the event's `me`: our own addresses.
    func author(_ payload: JSONElement, _ context: BaileysContext, me: JSONElement?) -> InboundAuthor {
        let own = [me?["id"], me?["lid"], me?["jid"]].compactMap(Self.address)
        let author = Self.address(payload["participant"] ?? payload["author"])
        return InboundAuthor(
            address: author, otherAddresses: otherAddresses.filter { $0 != author }, name: name,
            isToUs: GroupPolicy.isToUs(
                mentioned: payload["_data"]?["mentionedJidList"]?.items.compactMap(Self.address) ?? context.mentioned,
                quotedAuthor: Self.address(payload["replyTo"]?["participant"]) ?? context.quotedAuthor, own: own))
    }

    /// An address as text, or as the object that WEBJS writes.
    private static func address(_ value: JSONElement?) -> ContactAddress? {
        (value?.string ?? value?["_serialized"]?.string).flatMap(ContactAddress.init(jid:))
    }
}
