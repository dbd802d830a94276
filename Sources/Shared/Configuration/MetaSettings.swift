/// Meta's Cloud API, as the environment has it; a business may have a number of its own.
package struct MetaSettings: Sendable {
    package let appSecret: Secret?
    /// Signs webhooks beside `appSecret` as long as it is set: for a rotation.
    package let previousAppSecret: Secret?
    package let verifyToken: Secret?
    package let accessToken: Secret?
    package let phoneNumberID: String?
    /// Without a slash at its end.
    package let url: String

    init(_ reader: inout EnvironmentReader) {
        appSecret = reader.secret("META_APP_SECRET", "signs Meta's webhooks; closed without it")
        previousAppSecret = reader.secret(
            "META_APP_SECRET_PREVIOUS", "the secret before, also good for webhooks during a rotation")
        verifyToken = reader.secret("META_VERIFY_TOKEN", "token of Meta's GET verification")
        accessToken = reader.secret("META_ACCESS_TOKEN", "opens the Graph API")
        phoneNumberID = reader.optional("META_PHONE_NUMBER_ID", "sender of Meta messages")
        url =
            reader.url(
                "META_URL", default: "https://graph.facebook.com/v21.0", schemes: ["https", "http"],
                example: "https://graph.facebook.com/v21.0", "the Graph API, version included")!.withoutTrailingSlashes
    }

    /// What a business sends through: its own settings before those of the environment. nil when something is missing:
    /// the channel is closed then.
    package func account(of business: BusinessSettings = BusinessSettings()) -> MetaAccount? {
        guard let phoneNumberID = business.metaPhoneNumberID ?? phoneNumberID,
            let accessToken = business.metaAccessToken.map(Secret.init) ?? accessToken
        else { return nil }
        return MetaAccount(phoneNumberID: phoneNumberID, accessToken: accessToken)
    }
}

/// Who sends through Meta's Cloud API.
package struct MetaAccount: Sendable, Equatable {
    package let phoneNumberID: String
    package let accessToken: Secret
}
