import Shared

/// Which providers a reply is tried through, and in which order.
enum ProviderOrder {
    /// The way the message came in first, if it is one of the business's; then the business's order. A group is reached the
    /// way its message came in or not at all: our other numbers are not in it.
    static func order(for message: InboundMessage, business: Business) -> [ProviderName] {
        message.address.isGroup ? [message.provider] : order(cameFrom: message.provider, business: business)
    }

    /// The business's, or the standard ones where it names none.
    static func own(of business: Business) -> [ProviderName] {
        business.providers.isEmpty ? ProviderName.standardOrder : business.providers
    }

    static func order(cameFrom provider: ProviderName, business: Business) -> [ProviderName] {
        let own = own(of: business)
        return own.contains(provider) ? [provider] + own.filter { $0 != provider } : own
    }
}
