import Native

/// Evolution's media: in the object store that the event names, where there is one, else from its own call.
/// Source: Evolution API v2, "Get Base64" and "S3/MinIO".
enum EvolutionMedia {
    /// In the order to try. The object store is asked without credentials: its URLs carry their own.
    static func calls(
        _ media: InboundMedia, of message: InboundMessage, _ account: EvolutionAccount, _ hosts: OutboundHosts
    ) -> [MediaCall] {
        let stored = media.url.map { MediaCall(url: $0, mayBePrivate: hosts.contains(hostOf: $0)) }
        return [stored].compactMap { $0 } + [fromItself(media.id ?? message.messageID, account)]
    }

    private static func fromItself(_ id: String, _ account: EvolutionAccount) -> MediaCall {
        var json = JSONWriter()
        json.beginObject()
        json.key("message")
        json.beginObject()
        json.key("key")
        json.beginObject()
        json.field("id", id)
        json.endObject()
        json.endObject()
        json.field("convertToMp4", false)
        json.endObject()
        return MediaCall(
            url: "\(account.url)/chat/getBase64FromMediaMessage/\(PathSegment.encode(account.instance))",
            headers: ["apikey": account.apiKey.exposed], body: json.bytes, mayBePrivate: account.mayBePrivate,
            answer: .evolutionBase64)
    }
}
