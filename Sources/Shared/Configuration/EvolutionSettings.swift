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
    /// the channel is closed then. The environment's key goes to the environment's URL only, never to a server that a
    /// business names.
    package func account(of business: Business) -> EvolutionAccount? {
        let own = business.settings.evolutionURL.map(\.withoutTrailingSlashes)
        guard let url = own ?? url else { return nil }
        let isOperators = url == self.url
        guard let apiKey = business.settings.evolutionAPIKey.map(Secret.init) ?? (isOperators ? apiKey : nil) else {
            return nil
        }
        return EvolutionAccount(
            url: url, instance: business.settings.evolutionInstance ?? business.id, apiKey: apiKey,
            mayBePrivate: isOperators || outboundHosts.contains(hostOf: url))
    }
}

/// Who sends through Evolution.
package struct EvolutionAccount: Sendable, Equatable {
    /// Without a slash at its end.
    package let url: String
    package let instance: String
    package let apiKey: Secret
    /// Whether the server may have a private address: the operator's own may, one that a business names only by
    /// `OUTBOUND_ALLOW_HOSTS`.
    package let mayBePrivate: Bool
}
