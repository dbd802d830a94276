/// Where WAHA sends to: a `chatId` is a phone with `@c.us`, or a `@lid` or group as received.
enum WAHAAddress {
    /// The first that can be reached; nil when none can.
    static func chat(_ addresses: [ContactAddress]) -> String? { addresses.lazy.compactMap(name).first }

    /// Each that can be reached, once.
    static func chats(_ addresses: [ContactAddress]) -> [String] {
        addresses.compactMap(name).reduce(into: []) { chats, chat in if !chats.contains(chat) { chats.append(chat) } }
    }

    private static func name(_ address: ContactAddress) -> String? {
        switch address.server {
        case "lid", "g.us": address.rawValue
        default: address.phone.map { $0 + "@c.us" }
        }
    }
}
