package struct TwilioSettings: Sendable {
    package let accountSID: String
    package let authToken: Secret
    /// With `whatsapp:` in front.
    package let from: String
    package let url: String

    /// nil when the credentials are not set: the channel is closed then.
    static func read(_ reader: inout EnvironmentReader) -> TwilioSettings? {
        let accountSID = reader.optional("TWILIO_ACCOUNT_SID", "Twilio account; closed without it")
        let authToken = reader.secret("TWILIO_AUTH_TOKEN", "Twilio's token: signs webhooks, opens the API")
        let from = reader.optional("TWILIO_FROM", "sender of Twilio messages, with or without whatsapp:")
        let url = reader.url(
            "TWILIO_URL", default: "https://api.twilio.com", schemes: ["https", "http"],
            example: "https://api.twilio.com", "Twilio's API")!
        guard let accountSID, let authToken, let from else { return nil }
        return TwilioSettings(
            accountSID: accountSID, authToken: authToken, from: from.hasPrefix("whatsapp:") ? from : "whatsapp:" + from,
            url: url)
    }
}
