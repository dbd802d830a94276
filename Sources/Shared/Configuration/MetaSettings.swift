package struct MetaSettings: Sendable {
    package let appSecret: Secret?
    package let verifyToken: Secret?
    package let accessToken: Secret?
    package let phoneNumberID: String?
    package let url: String

    init(_ reader: inout EnvironmentReader) {
        appSecret = reader.secret("META_APP_SECRET", "signs Meta's webhooks; closed without it")
        verifyToken = reader.secret("META_VERIFY_TOKEN", "token of Meta's GET verification")
        accessToken = reader.secret("META_ACCESS_TOKEN", "opens the Graph API")
        phoneNumberID = reader.optional("META_PHONE_NUMBER_ID", "sender of Meta messages")
        url = reader.url(
            "META_URL", default: "https://graph.facebook.com/v21.0", schemes: ["https", "http"],
            example: "https://graph.facebook.com/v21.0", "the Graph API, version included")!
    }
}
