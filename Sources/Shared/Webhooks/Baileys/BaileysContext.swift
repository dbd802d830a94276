import Native

/// What a message refers to: `contextInfo` of its content. whatsmeow, and so WAHA's GOWS, writes `ID` and `JID` in capitals.
struct BaileysContext: Equatable, Sendable {
    var quotedID: String?
    var quotedAuthor: ContactAddress?
    var mentioned: [ContactAddress] = []

    init() {}

    @LoopActor init(of content: JSONElement) {
        guard let info = content["contextInfo"] else { return }
        quotedID = (info["stanzaId"] ?? info["stanzaID"])?.string
        quotedAuthor = info["participant"]?.string.flatMap(ContactAddress.init(jid:))
        mentioned =
            (info["mentionedJid"] ?? info["mentionedJID"])?.items
            .compactMap { $0.string.flatMap(ContactAddress.init(jid:)) } ?? []
    }

    /// What this one does not tell comes from another one.
    func completed(by other: BaileysContext) -> BaileysContext {
        var all = self
        all.quotedID = quotedID ?? other.quotedID
        all.quotedAuthor = quotedAuthor ?? other.quotedAuthor
        if mentioned.isEmpty { all.mentioned = other.mentioned }
        return all
    }
}
