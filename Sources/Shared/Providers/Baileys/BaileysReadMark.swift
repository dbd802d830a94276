import Native

/// The gateway's `read` and `typing`: SPEC section 8.
enum BaileysReadMark {
    static func requests(_ mark: ReadMark, _ gateway: GatewayCalls) -> [HTTPClient.Request] {
        let business = mark.business.id, to = mark.last.address.rawValue, headers = gateway.headers
        return [
            ReadMarkCalls.post(gateway.url(business, "read"), headers: headers, mayBePrivate: true) { json in
                json.field("to", to)
                json.field("messageIds", mark.messages.map(\.messageID))
                json.field("participant", ifPresent: mark.participant)
            },
            ReadMarkCalls.post(gateway.url(business, "typing"), headers: headers, mayBePrivate: true) {
                $0.field("to", to)
            },
        ]
    }
}
