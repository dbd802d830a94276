/// Where a gateway keeps what came with a message: SPEC section 8.
enum BaileysMedia {
    /// - Parameter base: the gateway's URL without a slash at its end, the operator's own.
    static func calls(_ message: InboundMessage, base: String, secret: Secret) -> [MediaCall] {
        [
            MediaCall(
                url: "\(base)/whatsapp/\(PathSegment.encode(message.tenant))/media/"
                    + PathSegment.encode(message.messageID),
                headers: ["X-Internal-Secret": secret.exposed], mayBePrivate: true)
        ]
    }
}
