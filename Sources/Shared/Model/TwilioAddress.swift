/// How Twilio writes an address of WhatsApp's: with the channel in front.
package enum TwilioAddress {
    package static let channel = "whatsapp:"

    /// The address without the channel, where that stands in front.
    package static func withoutChannel(_ address: String) -> String {
        address.utf8.starts(with: channel.utf8)
            ? String(Substring(address.utf8.dropFirst(channel.utf8.count))) : address
    }
}
