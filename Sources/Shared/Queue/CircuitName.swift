/// Whose circuit it is: one business's way through one provider. Another business's number there may work.
package struct CircuitName: Hashable, Sendable {
    package let business: String
    package let provider: ProviderName

    package init(business: String, provider: ProviderName) {
        self.business = business
        self.provider = provider
    }

    /// As it stands in Redis: `baileys|business_1`.
    var text: String { "\(provider.rawValue)|\(business)" }

    /// nil when the text is not one that `text` made.
    init?(text: String) {
        let parts = text.split(separator: "|", maxSplits: 1)
        guard parts.count == 2, let provider = ProviderName(rawValue: String(parts[0])) else { return nil }
        self.init(business: String(parts[1]), provider: provider)
    }
}
