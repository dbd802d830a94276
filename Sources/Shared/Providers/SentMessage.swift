import Native

/// A message that a provider took, as it is asked about later.
package struct SentMessage: Sendable, Equatable {
    package let business: Business
    /// Of the contact. The provider's chat may go by any of them.
    package let addresses: [ContactAddress]
    /// The provider's own id, as its send answered it.
    package let providerID: String

    package init(business: Business, addresses: [ContactAddress], providerID: String) {
        self.business = business
        self.addresses = addresses
        self.providerID = providerID
    }
}

/// What a provider says of a message that it took.
package enum SentState: Equatable, Sendable {
    /// How far it has come; `.sent`: WhatsApp's server has it.
    ///
    /// - Parameters:
    ///   - error: of a failed one, the code and the provider's words where it has some. Never a message's text.
    ///   - at: when, where the provider tells it.
    case told(DeliveryStatus, error: String? = nil, at: WallTime? = nil)
    /// The provider has it, and heard nothing of it from WhatsApp's server.
    case pending
    /// The provider does not know it, or tells nothing of messages.
    case untold
    /// The provider asks us to slow down.
    case rateLimited
    /// The provider could not be asked.
    case unreachable
}
