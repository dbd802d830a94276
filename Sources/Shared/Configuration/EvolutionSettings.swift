/// An Evolution API server, as the environment has it; a business may have one of its own.
package struct EvolutionSettings: Sendable {
    package let url: String?
    package let apiKey: Secret?
    /// Proves webhooks: the value of their `X-Webhook-Secret`, or the key of their JSON web token.
    package let webhookSecret: Secret?
    /// Proves webhooks beside `webhookSecret` as long as it is set: for a rotation.
    package let previousWebhookSecret: Secret?

    init(_ reader: inout EnvironmentReader) {
        url = reader.url(
            "EVOLUTION_URL", default: nil, schemes: ["http", "https"], example: "http://evolution:8080",
            "an Evolution API server; closed without it")
        apiKey = reader.secret("EVOLUTION_API_KEY", "apikey of our calls to Evolution; closed without it")
        webhookSecret = reader.secret(
            "EVOLUTION_WEBHOOK_SECRET", "X-Webhook-Secret or jwt_key of Evolution's webhooks; closed without it")
        previousWebhookSecret = reader.secret(
            "EVOLUTION_WEBHOOK_SECRET_PREVIOUS", "the secret before, also good for webhooks during a rotation")
    }

    /// What a business sends through: its own settings before those of the environment. nil when something is missing:
    /// the channel is closed then.
    package func account(of business: Business) -> EvolutionAccount? {
        guard let url = business.settings.evolutionURL ?? url,
            let apiKey = business.settings.evolutionAPIKey.map(Secret.init) ?? apiKey
        else { return nil }
        return EvolutionAccount(
            url: url.withoutTrailingSlash, instance: business.settings.evolutionInstance ?? business.id, apiKey: apiKey)
    }
}

/// Who sends through Evolution.
package struct EvolutionAccount: Sendable, Equatable {
    /// Without a slash at its end.
    package let url: String
    package let instance: String
    package let apiKey: Secret
}

extension String {
    var withoutTrailingSlash: String { hasSuffix("/") ? String(dropLast()) : self }
}
