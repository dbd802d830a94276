/// A WAHA server (WhatsApp HTTP API), as the environment has it; a business may have one of its own.
package struct WAHASettings: Sendable {
    /// Without a slash at its end.
    package let url: String?
    package let apiKey: Secret?
    /// Signs webhooks: the HMAC key of the session's webhook.
    package let webhookSecret: Secret?
    /// Signs webhooks beside `webhookSecret` as long as it is set: for a rotation.
    package let previousWebhookSecret: Secret?

    /// Private hosts that a business's own URL may name.
    var outboundHosts = OutboundHosts([])

    init(_ reader: inout EnvironmentReader) {
        url =
            reader.url(
                "WAHA_URL", default: nil, schemes: ["http", "https"], example: "http://waha:3000",
                "a WAHA server; closed without it"
            )?.withoutTrailingSlashes
        apiKey = reader.secret("WAHA_API_KEY", "X-Api-Key of our calls to WAHA; closed without it")
        webhookSecret = reader.secret("WAHA_WEBHOOK_SECRET", "HMAC key of WAHA's webhooks; closed without it")
        previousWebhookSecret = reader.secret(
            "WAHA_WEBHOOK_SECRET_PREVIOUS", "the key before, also good for webhooks during a rotation")
    }

    /// What a business sends through: its own settings before those of the environment. nil when something is missing:
    /// the channel is closed then. See `GatewayServer` for whose key goes where.
    package func account(of business: Business) -> WAHAAccount? {
        GatewayServer(
            ownURL: business.settings.wahaURL, ownKey: business.settings.wahaAPIKey, url: url, apiKey: apiKey,
            outboundHosts: outboundHosts
        ).map {
            WAHAAccount(
                url: $0.url, session: business.settings.wahaSession ?? business.id, apiKey: $0.apiKey,
                mayBePrivate: $0.mayBePrivate)
        }
    }
}

/// Who sends through WAHA.
package struct WAHAAccount: Sendable, Equatable {
    /// Without a slash at its end.
    package let url: String
    package let session: String
    package let apiKey: Secret
    /// Whether the server may have a private address.
    package let mayBePrivate: Bool
}
