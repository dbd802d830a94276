import Native

/// What a message of Twilio's says.
struct TwilioContent: Equatable {
    private(set) var kind: MessageKind
    /// nil where there is none.
    private(set) var text: String?
    private(set) var media: [InboundMedia] = []
    private(set) var choiceID: String?

    /// Twilio numbers the media of one message 0 to 9.
    private static let mostMedia = 10

    init(_ form: URLEncodedForm) {
        func field(_ name: String) -> String? { form[name].flatMap { $0.isEmpty ? nil : $0 } }
        text = field("Body")
        kind = text == nil ? .other : .text
        if let title = field("ListTitle") ?? field("ButtonText") {
            text = title
            kind = .text
        }
        choiceID = field("ListId") ?? field("ButtonPayload")
        let count = min(Int(form["NumMedia"] ?? "") ?? 0, Self.mostMedia)
        let numbered = (0..<max(count, 0)).compactMap { index -> (InboundMedia, MessageKind)? in
            guard let url = field("MediaUrl\(index)") else { return nil }
            let type = field("MediaContentType\(index)")
            return (InboundMedia(url: url, mimeType: type), Self.kind(of: type, messageType: form["MessageType"]))
        }
        if let first = numbered.first {
            media = numbered.map(\.0)
            kind = first.1
        }
        if media.isEmpty, let latitude = field("Latitude"), let longitude = field("Longitude") {
            kind = .location
            text = LocationText.make(
                name: field("Label"), address: field("Address"), latitude: Double(latitude),
                longitude: Double(longitude))
        }
    }

    private static func kind(of mimeType: String?, messageType: String?) -> MessageKind {
        let type = mimeType?.lowercased() ?? ""
        if messageType == "sticker" || type == "image/webp" { return .sticker }
        if messageType == "contacts" || type.hasPrefix("text/vcard") || type.hasPrefix("text/x-vcard") {
            return .contact
        }
        if type.hasPrefix("image/") { return .image }
        if type.hasPrefix("audio/") { return .audio }
        return type.hasPrefix("video/") ? .video : .document
    }
}
