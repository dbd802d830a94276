import Shared

/// What proves webhooks for one business, and the addresses that they name it by: its own settings before those of the
/// environment.
struct SenderKeys {
    let business: String
    var internalSecret: Secret?
    var twilioToken: Secret?
    var twilioAccount: String?
    /// Without `whatsapp:`.
    var twilioNumber: String?
    var metaSecret: Secret?
    var metaVerifyToken: Secret?
    var metaNumber: String?
    var evolutionSecret: Secret?
    var evolutionInstance: String
    var wahaSecret: Secret?
    var wahaSession: String
    /// What Twilio signs: the outside URL of the API, without a slash at its end.
    var publicURL: String?
    /// Whose secrets are the business's own.
    private let own: Set<ProviderName>

    init(_ configuration: Configuration, business: String, settings: BusinessSettings = BusinessSettings()) {
        self.business = business
        internalSecret = configuration.api.internalSecret
        twilioToken = settings.twilioAuthToken.map(Secret.init) ?? configuration.twilio.authToken
        twilioAccount = settings.twilioAccountSID ?? configuration.twilio.accountSID
        twilioNumber = (settings.twilioFrom ?? configuration.twilio.from).map(TwilioAddress.withoutChannel)
        metaSecret = settings.metaAppSecret.map(Secret.init) ?? configuration.meta.appSecret
        metaVerifyToken = configuration.meta.verifyToken
        metaNumber = settings.metaPhoneNumberID ?? configuration.meta.phoneNumberID
        evolutionSecret = settings.evolutionWebhookSecret.map(Secret.init) ?? configuration.evolution.webhookSecret
        evolutionInstance = settings.evolutionInstance ?? business
        wahaSecret = settings.wahaWebhookSecret.map(Secret.init) ?? configuration.waha.webhookSecret
        wahaSession = settings.wahaSession ?? business
        publicURL = configuration.api.publicURL
        own = Set(ProviderName.allCases.filter(settings.hasSecret))
    }

    /// Where a sender's secret is.
    func place(of sender: ProviderName) -> SecretPlace {
        SecretPlace(Self.variable(of: sender), isOwn: own.contains(sender))
    }

    /// The variable that holds a sender's secret, where a business has none of its own.
    static func variable(of sender: ProviderName) -> String {
        switch sender {
        case .baileys: "INTERNAL_SECRET"
        case .twilio: "TWILIO_AUTH_TOKEN"
        case .meta: "META_APP_SECRET"
        case .evolution: "EVOLUTION_WEBHOOK_SECRET"
        case .waha: "WAHA_WEBHOOK_SECRET"
        }
    }

    static let verifyVariable = "META_VERIFY_TOKEN"

    /// The variable without which a sender is closed; nil: it is open.
    func missing(_ sender: ProviderName) -> String? {
        secret(of: sender) == nil ? Self.variable(of: sender) : nil
    }

    func secret(of sender: ProviderName) -> Secret? {
        switch sender {
        case .baileys: internalSecret
        case .twilio: twilioToken
        case .meta: metaSecret
        case .evolution: evolutionSecret
        case .waha: wahaSecret
        }
    }

    /// The same with a secret that is not the sender's.
    func broken() -> SenderKeys {
        var keys = self, wrong = Secret("not-the-secret")
        if [internalSecret, twilioToken, metaSecret, metaVerifyToken, evolutionSecret, wahaSecret].contains(wrong) {
            wrong = Secret("not-the-secret-either")
        }
        keys.internalSecret = wrong
        keys.twilioToken = wrong
        keys.metaSecret = wrong
        keys.metaVerifyToken = wrong
        keys.evolutionSecret = wrong
        keys.wahaSecret = wrong
        return keys
    }
}
