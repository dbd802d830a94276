import Native

/// What a WAHA message says. The engines write the same fields; what they leave out is looked for in `_data`, the
/// engine's own form of the message: `WEBJS` names a type there, `NOWEB` and `GOWS` have WhatsApp's content.
@LoopActor struct WAHAContent: Equatable {
    var kind: MessageKind
    var text: String?
    var media: InboundMedia?

    /// nil when there is nothing in it.
    static func read(_ payload: JSONElement, id: String) -> WAHAContent? {
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
                kind: kind(payload, mimeType: mimeType), text: body,
                media: InboundMedia(
                    id: id, url: (media?["url"] ?? payload["mediaUrl"])?.string, mimeType: mimeType,
                    fileName: media?["filename"]?.string))
        }
        return body.map { WAHAContent(kind: .text, text: $0) }
    }

    private static func kind(_ payload: JSONElement, mimeType: String?) -> MessageKind {
        if let raw = payload["_data"], let kind = kind(raw) { return kind }
        guard let mimeType else { return .other }
        if mimeType.hasPrefix("image/webp") { return .sticker }
        if mimeType.hasPrefix("image/") { return .image }
        if mimeType.hasPrefix("audio/") { return .audio }
        return mimeType.hasPrefix("video/") ? .video : .document
    }

    private static func kind(_ raw: JSONElement) -> MessageKind? {
        switch raw["type"]?.string {
        case "image": return .image
        case "ptt", "audio": return .audio
        case "video", "ptv": return .video
        case "document": return .document
        case "sticker": return .sticker
        default: break
        }
        guard let message = raw["message"] ?? raw["Message"] else { return nil }
        let kinds: [(StaticString, MessageKind)] = [
            ("imageMessage", .image), ("audioMessage", .audio), ("videoMessage", .video), ("ptvMessage", .video),
            ("documentMessage", .document), ("documentWithCaptionMessage", .document), ("stickerMessage", .sticker),
        ]
        return kinds.first { message[$0.0] != nil }?.1
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
