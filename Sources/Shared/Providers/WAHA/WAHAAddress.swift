/// Where WAHA sends to: a `chatId` is a phone with `@c.us`, or a `@lid` or group as received.
enum WAHAAddress {
    /// The first that can be reached; nil when none can.
    static func chat(_ addresses: [ContactAddress]) -> String? {
        addresses.lazy.compactMap { address -> String? in
            switch address.server {
            case "lid", "g.us": address.rawValue
            default: address.phone.map { $0 + "@c.us" }
            }
        }.first
    }
}
