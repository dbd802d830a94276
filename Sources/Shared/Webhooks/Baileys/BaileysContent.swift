import Native

/// What a Baileys message says, out of the wrappers it may come in.
@LoopActor enum BaileysContent: Equatable {
    case content(MessageKind, text: String?)
    case ignored(IgnoreReason)

    /// Wrappers hold a whole message under `message`.
    private static let wrappers: [StaticString] = [
        "ephemeralMessage", "viewOnceMessage", "viewOnceMessageV2", "viewOnceMessageV2Extension",
        "documentWithCaptionMessage",
    ]

    static func read(_ message: JSONElement, depth: Int = 0) -> BaileysContent {
        for wrapper in wrappers {
            guard let inner = message[wrapper]?["message"] else { continue }
            // Real ones nest two deep at most.
            return depth < 4 ? read(inner, depth: depth + 1) : .ignored(.technical)
        }
        if let text = message["conversation"]?.string { return .content(.text, text: text) }
        if let text = message["extendedTextMessage"]?["text"]?.string { return .content(.text, text: text) }
        return choice(message) ?? media(message) ?? technical(message) ?? .content(.other, text: nil)
    }

    /// Buttons and lists: what the contact saw and chose.
    private static func choice(_ message: JSONElement) -> BaileysContent? {
        if let reply = message["buttonsResponseMessage"] {
            return .content(.text, text: (reply["selectedDisplayText"] ?? reply["selectedButtonId"])?.string)
        }
        if let reply = message["templateButtonReplyMessage"] {
            return .content(.text, text: (reply["selectedDisplayText"] ?? reply["selectedId"])?.string)
        }
        if let reply = message["listResponseMessage"] {
            return .content(.text, text: (reply["title"] ?? reply["singleSelectReply"]?["selectedRowId"])?.string)
        }
        if let reply = message["interactiveResponseMessage"] {
            return .content(.text, text: reply["body"]?["text"]?.string)
        }
        return nil
    }

    private static func media(_ message: JSONElement) -> BaileysContent? {
        let kinds: [(StaticString, MessageKind)] = [
            ("imageMessage", .image), ("videoMessage", .video), ("ptvMessage", .video), ("audioMessage", .audio),
            ("documentMessage", .document), ("stickerMessage", .sticker), ("locationMessage", .location),
            ("liveLocationMessage", .location), ("contactMessage", .contact), ("contactsArrayMessage", .contact),
        ]
        for (name, kind) in kinds {
            if let media = message[name] {
                return .content(kind, text: (media["caption"] ?? media["displayName"] ?? media["name"])?.string)
            }
        }
        return nil
    }

    private static func technical(_ message: JSONElement) -> BaileysContent? {
        if message["reactionMessage"] != nil || message["encReactionMessage"] != nil { return .ignored(.reaction) }
        if message["editedMessage"] != nil { return .ignored(.edit) }
        if let change = message["protocolMessage"] {
            switch change["type"]?.string ?? change["type"]?.int.map(String.init) {
            case "REVOKE", "0": return .ignored(.revoke)
            case "MESSAGE_EDIT", "14": return .ignored(.edit)
            default: return .ignored(.protocolMessage)
            }
        }
        // Keys and settings travel beside content; alone they are nothing to answer.
        let alone = ["senderKeyDistributionMessage", "messageContextInfo", "pollUpdateMessage", "keepInChatMessage"]
        return message.fields.allSatisfy { alone.contains($0.name) } ? .ignored(.technical) : nil
    }
}
