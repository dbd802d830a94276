import Native

/// The body of a gateway's `send`.
struct GatewayMessage: Sendable {
    let to: String
    /// Of a message with media only: its caption, or its kind in brackets.
    let text: String
    let id: String

    @LoopActor static func read(_ body: [UInt8]) throws(JSONError) -> GatewayMessage {
        try JSON.read(body) { (root) throws(JSONError) in
            let media = root["media"].map { "[\($0["kind"]?.string ?? $0["mimetype"]?.string ?? "media")]" }
            guard let to = root["to"]?.string, let id = root["messageId"]?.string, !to.isEmpty, !id.isEmpty,
                let text = root["text"]?.string ?? media
            else { throw .unexpected("to, text and messageId") }
            return GatewayMessage(to: to, text: text, id: id)
        }
    }
}
