import Native

/// The gateway's `read` and `typing`: SPEC section 8.
enum BaileysReadMark {
    /// - Parameter base: the gateway's URL without a slash at its end, the operator's own.
    static func requests(_ mark: ReadMark, base: String, secret: Secret) -> [HTTPClient.Request] {
        let chat = "\(base)/whatsapp/\(PathSegment.encode(mark.business.id))", to = mark.last.address.rawValue
        let headers = [("X-Internal-Secret", secret.exposed)]
        return [
            ReadMarkCalls.post(chat + "/read", headers: headers, mayBePrivate: true) { json in
                json.field("to", to)
                json.field("messageIds", mark.messages.map(\.messageID))
                json.field("participant", ifPresent: mark.participant)
            },
            ReadMarkCalls.post(chat + "/typing", headers: headers, mayBePrivate: true) { $0.field("to", to) },
        ]
    }
}
