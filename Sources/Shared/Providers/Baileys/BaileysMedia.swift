/// Where a gateway keeps what came with a message: SPEC section 8.
enum BaileysMedia {
    static func calls(_ message: InboundMessage, _ gateway: GatewayCalls) -> [MediaCall] {
        [
            MediaCall(
                url: gateway.url(message.tenant, "media", message.messageID),
                headers: Dictionary(uniqueKeysWithValues: gateway.headers), mayBePrivate: true)
        ]
    }
}
