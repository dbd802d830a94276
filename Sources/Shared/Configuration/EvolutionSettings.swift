/// An Evolution API server, as the environment has it; a business may have one of its own.
package struct EvolutionSettings: Sendable {
    /// Without a slash at its end.
    package let url: String?
    package let apiKey: Secret?
    /// Proves webhooks: the value of their `X-Webhook-Secret`, or the key of their JSON web token.
    package let webhookSecret: Secret?
    /// Proves webhooks beside `webhookSecret` as long as it is set: for a rotation.
    package let previousWebhookSecret: Secret?

    /// Private hosts that a business's own URL may name.
    var outboundHosts = OutboundHosts([])

    init(_ reader: inout EnvironmentReader) {
        url =
            reader.url(
                "EVOLUTION_URL", default: nil, schemes: ["http", "https"], example: "http://evolution:8080",
                "an Evolution API server; closed without it"
            )?.withoutTrailingSlashes
        apiKey = reader.secret("EVOLUTION_API_KEY", "apikey of our calls to Evolution; closed without it")
        webhookSecret = reader.secret(
            "EVOLUTION_WEBHOOK_SECRET", "X-Webhook-Secret or jwt_key of Evolution's webhooks; closed without it")
        previousWebhookSecret = reader.secret(
            "EVOLUTION_WEBHOOK_SECRET_PREVIOUS", "the secret before, also good for webhooks during a rotation")
    }

    /// What a business sends through: its own settings before those of the environment. nil when something is missing:
    /// the channel is closed then. See `GatewayServer` for whose key goes where.
    package func account(of business: Business) -> EvolutionAccount? {
        GatewayServer(
            ownURL: business.settings.evolutionURL, ownKey: business.settings.evolutionAPIKey, url: url, apiKey: apiKey,
            outboundHosts: outboundHosts
        ).map {
            EvolutionAccount(
                url: $0.url, instance: business.settings.evolutionInstance ?? business.id, apiKey: $0.apiKey,
                mayBePrivate: $0.mayBePrivate)
        }
    }
}

/// Who sends through Evolution.
package struct EvolutionAccount: Sendable, Equatable {
    /// Without a slash at its end.
    package let url: String
    package let instance: String
    package let apiKey: Secret
    /// Whether the server may have a private address.
    package let mayBePrivate: Bool
}
