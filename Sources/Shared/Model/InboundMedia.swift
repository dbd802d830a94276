import Native

/// A picture, voice message or file of a contact, by reference: its bytes stay with the provider until they are fetched.
package struct InboundMedia: Sendable, Equatable {
    /// By which the provider gives it out: Meta's media id, or the message's own id where the gateway keeps it.
    package var id: String?
    /// Where it can be fetched, with the provider's credentials.
    package var url: String?
    /// As the sender said: `image/jpeg`, `audio/ogg; codecs=opus`. Cut to 128 characters.
    package var mimeType: String?
    /// Cut to 255 characters.
    package var fileName: String?

    package init(id: String? = nil, url: String? = nil, mimeType: String? = nil, fileName: String? = nil) {
        self.id = id
        self.url = url
        self.mimeType = mimeType?.cut(toScalars: 128)
        self.fileName = fileName?.cut(toScalars: 255)
    }
}

extension InboundMedia {
    /// Writes the reference as an object; `init(json:)` reads it.
    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.field("id", ifPresent: id)
        json.field("url", ifPresent: url)
        json.field("mime_type", ifPresent: mimeType)
        json.field("file_name", ifPresent: fileName)
        json.endObject()
    }

    @LoopActor package init(json: JSONElement) {
        self.init(
            id: json["id"]?.string, url: json["url"]?.string, mimeType: json["mime_type"]?.string,
            fileName: json["file_name"]?.string)
    }
}
