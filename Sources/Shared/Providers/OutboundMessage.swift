import Native

/// One text on its way to a contact.
package struct OutboundMessage: Sendable, Equatable {
    /// Who sends it.
    package let business: Business
    /// The address the inbound message came from, and the contact's others. A provider takes the one it can reach.
    package let addresses: [ContactAddress]
    package let text: String
    /// Ours, and WhatsApp's own where the provider takes it: `3EB0` and 18 upper-case hexadecimal digits.
    package let id: String
    /// Providers that take the text only as the variable of the business's template.
    package let needsTemplate: Set<ProviderName>
    /// W3C trace context, passed on to the provider.
    package let traceparent: String?

    package init(
        business: Business, addresses: [ContactAddress], text: String, id: String,
        needsTemplate: Set<ProviderName> = [], traceparent: String? = nil
    ) {
        self.business = business
        self.addresses = addresses
        self.text = text
        self.id = id
        self.needsTemplate = needsTemplate
        self.traceparent = traceparent
    }

    /// To a group, which no phone number reaches.
    package var isToGroup: Bool { addresses.first?.isGroup ?? false }

    /// The contact's phone in digits, where one of the addresses tells it. What is meant for a group never goes to a person.
    package var phone: String? { isToGroup ? nil : addresses.lazy.compactMap(\.phone).first }
}
