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
    /// - Parameter me: the event's `me`: our own addresses.
    func author(_ payload: JSONElement, me: JSONElement?) -> InboundAuthor {
        let own = [me?["id"], me?["lid"], me?["jid"]].compactMap(Self.address)
        let author = Self.address(payload["participant"] ?? payload["author"])
        return InboundAuthor(
            address: author, otherAddresses: otherAddresses.filter { $0 != author }, name: name,
            isToUs: GroupPolicy.isToUs(
                mentioned: Self.mentioned(payload["_data"]),
                quotedAuthor: Self.address(payload["replyTo"]?["participant"]), own: own))
    }

    private static func mentioned(_ raw: JSONElement?) -> [ContactAddress] {
        if let list = raw?["mentionedJidList"] { return list.items.compactMap(address) }
        for (_, content) in (raw?["message"] ?? raw?["Message"])?.fields ?? [] {
            guard let context = content["contextInfo"] else { continue }
            return (context["mentionedJid"] ?? context["mentionedJID"])?.items.compactMap(address) ?? []
        }
        return []
    }

    /// An address as text, or as the object that WEBJS writes.
    private static func address(_ value: JSONElement?) -> ContactAddress? {
        (value?.string ?? value?["_serialized"]?.string).flatMap(ContactAddress.init(jid:))
    }
}
