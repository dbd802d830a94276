extension Configuration {
    /// The providers that replies of a business without settings of its own can go through.
    package var providers: [ProviderName] {
        let business = Business(id: "", name: "")
        return ProviderName.allCases.filter { isOpen($0, for: business) }
    }

    /// Whether a business's replies can go through the provider: nothing that it takes is missing.
    package func isOpen(_ provider: ProviderName, for business: Business) -> Bool {
        switch provider {
        case .baileys: api.internalSecret != nil
        case .twilio: twilio.account(of: business.settings) != nil
        case .meta: meta.account(of: business.settings) != nil
        case .evolution: evolution.account(of: business) != nil
        case .waha: waha.account(of: business) != nil
        }
    }
}
