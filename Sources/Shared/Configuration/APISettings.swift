package struct APISettings: Sendable {
    package let host: String
    package let port: Int
    package let internalSecret: Secret?
    /// Opens the gateway's webhooks beside `internalSecret` as long as it is set: for a rotation.
    package let previousInternalSecret: Secret?
    package let defaultBusiness: String?
    package let adminToken: Secret?
    /// Without a slash at its end.
    package let publicURL: String?

    init(_ reader: inout EnvironmentReader, role: Configuration.Role) {
        host = reader.string("API_HOST", default: "0.0.0.0", "address the API listens on")
        port = reader.int("API_PORT", default: 8080, in: 0...65535, "port the API listens on")
        internalSecret = reader.secret(
            "INTERNAL_SECRET", required: role == .api || role == .worker,
            "X-Internal-Secret of the gateway's webhooks, and of our calls to the gateway")
        previousInternalSecret = reader.secret(
            "INTERNAL_SECRET_PREVIOUS", "the secret before, also good for webhooks during a rotation")
        defaultBusiness = reader.optional("DEFAULT_BUSINESS", "business of a message that names none")
        if let defaultBusiness, !TenantName.isValid(defaultBusiness) {
            reader.reject(
                "DEFAULT_BUSINESS=\"\(defaultBusiness)\" must be \(TenantName.rule); example: DEFAULT_BUSINESS=shop_1")
        }
        adminToken = reader.secret("ADMIN_TOKEN", "Bearer token of the admin API and console; off without it")
        publicURL =
            reader.url(
                "PUBLIC_URL", default: nil, schemes: ["https", "http"], example: "https://bot.example.com",
                "the outside URL of the API: Twilio signs it"
            )?.withoutTrailingSlashes
    }
}
