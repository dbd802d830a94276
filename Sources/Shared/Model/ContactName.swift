/// A contact as people name one: a phone number, or an address as a webhook brought it.
package enum ContactName {
    package static let rule = "a phone number with its country code, or an address such as 123@lid"

    /// As conversations are named: the phone in digits where it is one, else the address.
    package static func of(_ text: String) -> String? {
        guard let address = ContactAddress(jid: text) else { return nil }
        return address.isGroup ? address.rawValue : address.phone ?? address.rawValue
    }
}
