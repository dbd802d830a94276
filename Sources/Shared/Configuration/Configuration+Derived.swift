extension Configuration {
    /// The providers that replies of a business without settings of its own can go through.
    package var providers: [ProviderName] {
        let business = Business(id: "", name: "")
        return ProviderName.allCases.filter { name in
            switch name {
            case .baileys: api.internalSecret != nil
            case .twilio: twilio.account() != nil
            case .meta: meta.account() != nil
            case .evolution: evolution.account(of: business) != nil
            case .waha: waha.account(of: business) != nil
            }
        }
    }
}
