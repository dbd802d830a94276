import Native

/// What a message refers to: `contextInfo` of its content.
struct BaileysContext: Equatable, Sendable {
    var quotedID: String?
    var quotedAuthor: ContactAddress?
    var mentioned: [ContactAddress] = []

    init() {}

    @LoopActor init(of content: JSONElement) {
        guard let info = content["contextInfo"] else { return }
        quotedID = info["stanzaId"]?.string.flatMap { MessageIdentifier.isValid($0) ? $0 : nil }
        quotedAuthor = info["participant"]?.string.flatMap(ContactAddress.init(jid:))
        mentioned = info["mentionedJid"]?.items.compactMap { $0.string.flatMap(ContactAddress.init(jid:)) } ?? []
    }
}
