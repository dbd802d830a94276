/// Twilio, as the environment has it; a business may have an account of its own.
package struct TwilioSettings: Sendable {
    package let accountSID: String?
    package let authToken: Secret?
    /// Signs webhooks beside `authToken` as long as it is set: for a rotation.
    package let previousAuthToken: Secret?
    package let from: String?
    /// Without a slash at its end.
    package let url: String

    init(_ reader: inout EnvironmentReader) {
        accountSID = reader.optional("TWILIO_ACCOUNT_SID", "Twilio account; closed without it")
        authToken = reader.secret("TWILIO_AUTH_TOKEN", "Twilio's token: signs webhooks, opens the API")
        previousAuthToken = reader.secret(
            "TWILIO_AUTH_TOKEN_PREVIOUS", "the token before, also good for webhooks during a rotation")
        from = reader.optional("TWILIO_FROM", "sender of Twilio messages, with or without whatsapp:")
        url =
            reader.url(
                "TWILIO_URL", default: "https://api.twilio.com", schemes: ["https", "http"],
                example: "https://api.twilio.com", "Twilio's API")!.withoutTrailingSlashes
    }

    /// What a business sends through: its own settings before those of the environment. nil when something is missing:
    /// the channel is closed then.
    package func account(of business: BusinessSettings = BusinessSettings()) -> TwilioAccount? {
        guard let accountSID = business.twilioAccountSID ?? accountSID,
            let authToken = business.twilioAuthToken.map(Secret.init) ?? authToken,
            let from = business.twilioFrom ?? from
        else { return nil }
        return TwilioAccount(
            accountSID: accountSID, authToken: authToken, from: from.hasPrefix("whatsapp:") ? from : "whatsapp:" + from)
    }
}

/// Who sends through Twilio.
package struct TwilioAccount: Sendable, Equatable {
    package let accountSID: String
    package let authToken: Secret
    /// With `whatsapp:` in front.
    package let from: String
}
