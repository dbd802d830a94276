import Native

/// What a WAHA message says. The engines write the same fields; what they leave out is looked for in `_data`, the
/// engine's own form of the message: `WEBJS` names a type there, `NOWEB` and `GOWS` have WhatsApp's content, as Baileys has.
@LoopActor struct WAHAContent: Equatable {
    var kind: MessageKind
    var text: String?
    var media: InboundMedia?
    var choiceID: String?
    var context = BaileysContext()

    enum Reading: Equatable {
        case content(WAHAContent)
        case ignored(IgnoreReason)
    }

    static func read(_ payload: JSONElement, id: String) -> Reading {
        let inner = (payload["_data"]?["message"] ?? payload["_data"]?["Message"]).flatMap { $0.isObject ? $0 : nil }
        switch inner.map({ BaileysContent.read($0) }) {
        case nil: return .content(told(payload, nil, id: id) ?? WAHAContent(kind: .other))
        case .ignored(let reason):
            // `.technical` says no more than that nothing was found.
            guard reason == .technical, let told = told(payload, nil, id: id) else { return .ignored(reason) }
            return .content(told)
        case .content(let inner):
            var content = told(payload, inner.kind, id: id) ?? WAHAContent(inner, id: id)
            content.text = content.text ?? inner.text
            content.choiceID = inner.choiceID
            content.context = inner.context
            return .content(content)
        }
    }

    private init(kind: MessageKind, text: String? = nil, media: InboundMedia? = nil) {
        self.kind = kind
        self.text = text
        self.media = media
    }

    private init(_ inner: BaileysContent, id: String) {
        self.init(kind: inner.kind, text: inner.text, media: inner.media)
        media?.id = id
    }

    /// What WAHA's own fields say; nil: nothing.
    ///
    /// - Parameter inner: the kind of WhatsApp's own content.
    private static func told(_ payload: JSONElement, _ inner: MessageKind?, id: String) -> WAHAContent? {
        let body = payload["body"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        if let location = payload["location"], location.isObject {
            return WAHAContent(kind: .location, text: place(location))
        }
        if let cards = payload["vCards"]?.items, !cards.isEmpty {
            let names = cards.compactMap { $0.string.flatMap(displayName) }
            return WAHAContent(kind: .contact, text: names.isEmpty ? nil : names.joined(separator: ", "))
        }
        if payload["hasMedia"]?.bool == true {
            let media = payload["media"], mimeType = media?["mimetype"]?.string
            return WAHAContent(
                kind: kind(payload, inner, mimeType: mimeType), text: body,
                media: InboundMedia(
                    id: id, url: (media?["url"] ?? payload["mediaUrl"])?.string, mimeType: mimeType,
                    fileName: media?["filename"]?.string))
        }
        return body.map { WAHAContent(kind: .text, text: $0) }
    }

    private static func kind(_ payload: JSONElement, _ inner: MessageKind?, mimeType: String?) -> MessageKind {
        switch payload["_data"]?["type"]?.string {
        case "image": return .image
        case "ptt", "audio": return .audio
        case "video", "ptv": return .video
        case "document": return .document
        case "sticker": return .sticker
        default: break
        }
        if let inner, inner != .text, inner != .other { return inner }
        guard let mimeType else { return .other }
        if mimeType.hasPrefix("image/webp") { return .sticker }
        if mimeType.hasPrefix("image/") { return .image }
        if mimeType.hasPrefix("audio/") { return .audio }
        return mimeType.hasPrefix("video/") ? .video : .document
    }

    /// Latitude and longitude are text or numbers.
    private static func place(_ location: JSONElement) -> String? {
        LocationText.make(
            name: (location["name"] ?? location["description"] ?? location["title"])?.string,
            address: location["address"]?.string, latitude: degrees(location["latitude"]),
            longitude: degrees(location["longitude"]))
    }

    private static func degrees(_ value: JSONElement?) -> Double? {
        value?.double ?? value?.string.flatMap(Double.init)
    }

    /// The value of a vCard's `FN` (RFC 6350, section 6.2.1).
    private static func displayName(_ card: String) -> String? {
        for line in card.split(whereSeparator: \.isNewline) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let name = line[..<colon].split(separator: ";").first?.lowercased()
            let value = line[line.index(after: colon)...]
            if name == "fn", !value.isEmpty { return String(value) }
        }
        return nil
    }
}
