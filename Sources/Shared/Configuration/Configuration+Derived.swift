extension Configuration {
    /// The providers that replies can go through.
    package var providers: [ProviderName] {
        var names: [ProviderName] = api.internalSecret == nil ? [] : [.baileys]
        if twilio != nil { names.append(.twilio) }
        return names
    }
}
