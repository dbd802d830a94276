/// Where Evolution sends to: its `number` is a WhatsApp id as received, or a phone in digits.
enum EvolutionAddress {
    /// The first that can be reached; nil when none can.
    static func number(_ addresses: [ContactAddress]) -> String? {
        addresses.lazy.compactMap { address -> String? in
            switch address.server {
            case "s.whatsapp.net", "lid", "g.us": address.rawValue
            default: address.phone
            }
        }.first
    }
}
