import Native

/// What a message of Meta's says. A kind that is not known is `.other`: its author waits for an answer all the same.
@LoopActor struct MetaContent {
    private(set) var kind = MessageKind.other
    private(set) var text: String?
    private(set) var media: InboundMedia?
    private(set) var choiceID: String?

    init(_ message: JSONElement, type: String) {
        switch type {
        case "text":
            kind = .text
            text = message["text"]?["body"]?.string
        case "image": read(message["image"], as: .image)
        case "audio", "voice": read(message["audio"] ?? message["voice"], as: .audio)
        case "video": read(message["video"], as: .video)
        case "document": read(message["document"], as: .document)
        case "sticker": read(message["sticker"], as: .sticker)
        case "button":
            kind = .text
            text = message["button"]?["text"]?.string
            choiceID = message["button"]?["payload"]?.string
        case "interactive": interactive(message["interactive"])
        case "location":
            kind = .location
            text = Self.place(message["location"])
        case "contacts":
            kind = .contact
            text = Self.names(message["contacts"])
        case "order": text = MetaOrder.text(message["order"])
        default: break
        }
    }

    private mutating func read(_ part: JSONElement?, as kind: MessageKind) {
        self.kind = kind
        text = part?["caption"]?.string
        guard let part else { return }
        media = InboundMedia(
            id: part["id"]?.string, mimeType: part["mime_type"]?.string, fileName: part["filename"]?.string)
    }

    /// A pressed button, a chosen row, or a form that was filled in.
    private mutating func interactive(_ part: JSONElement?) {
        if let choice = part?["button_reply"] ?? part?["list_reply"] {
            kind = .text
            text = choice["title"]?.string
            choiceID = choice["id"]?.string
        } else if let form = part?["nfm_reply"] {
            kind = .text
            // What was filled in, as the program that offered the form named it; `body` says no more than "Sent".
            text = form["response_json"]?.string ?? form["body"]?.string
            choiceID = form["name"]?.string
        }
    }

    private static func place(_ part: JSONElement?) -> String? {
        LocationText.make(
            name: part?["name"]?.string, address: part?["address"]?.string, latitude: part?["latitude"]?.double,
            longitude: part?["longitude"]?.double)
    }

    private static func names(_ part: JSONElement?) -> String? {
        let names = (part?.items ?? []).compactMap { contact in
            contact["name"]?["formatted_name"]?.string ?? contact["name"]?["first_name"]?.string
        }
        return names.isEmpty ? nil : names.joined(separator: ", ")
    }
}
