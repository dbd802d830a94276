/// What a business sets for itself; nil means: as the configuration says. The column `businesses.settings`.
package struct BusinessSettings: Sendable, Equatable {
    package enum Groups: String, Sendable, Codable { case ignore, mention, all }

    package var twilioAccountSID: String?
    package var twilioAuthToken: String?
    /// The one before, good as long as it stands here: for a rotation.
    package var twilioAuthTokenPrevious: String?
    package var twilioFrom: String?
    /// `ContentSid` of an approved template, whose one variable is the reply: `HX…`. nil: there is none.
    package var twilioTemplate: String?
    package var metaPhoneNumberID: String?
    package var metaAccessToken: String?
    package var metaAppSecret: String?
    /// The one before, good as long as it stands here: for a rotation.
    package var metaAppSecretPrevious: String?
    /// Name of an approved template, whose one variable is the reply. nil: there is none.
    package var metaTemplate: String?
    /// As Meta has the template: `en`, `pt_BR`; nil: `en`.
    package var metaTemplateLanguage: String?
    package var evolutionURL: String?
    /// nil: the business's id.
    package var evolutionInstance: String?
    package var evolutionAPIKey: String?
    package var evolutionWebhookSecret: String?
    package var evolutionWebhookSecretPrevious: String?
    package var wahaURL: String?
    /// nil: the business's id.
    package var wahaSession: String?
    package var wahaAPIKey: String?
    package var wahaWebhookSecret: String?
    package var wahaWebhookSecretPrevious: String?
    package var aiURL: String?
    package var aiAPIKey: String?
    package var temperature: Double?
    package var maxTokens: Int?
    package var fallbackText: String?
    package var apologyText: String?
    /// What the program itself says, by language and name: `{"he": {"fallback": "…", "apology": "…"}}`.
    package var texts: [String: [String: String]]?
    /// Of transcripts and of our own texts: `he`, `pt-BR`.
    package var language: String?
    /// Messages that arrive within this time after one another are answered together; 0: each by itself.
    package var coalesceMS: Int?
    package var groups: Groups?
    package var followUp: Bool?
    /// Whether contacts see that their messages were read and that somebody types.
    package var readMarks: Bool?
    /// How long the bot keeps still after a person has written under the business's number; 0: not at all.
    package var quietMinutes: Int?
    /// What the phone's app sends by itself, as to greet: nobody has written it. One that ends in `*` stands for all that
    /// begin so.
    package var automaticTexts: [String]?
    /// Past so many replies to one contact in a minute its messages are stored and not answered; 0: no limit.
    package var repliesPerMinute: Int?
    /// By which a contact asks for no more broadcasts, in place of those that ship; empty: none do.
    package var optOutWords: [String]?
    /// By which one asks for them again.
    package var optInWords: [String]?
    /// In which no broadcast begins to go out, by the business's time zone: `22:00-07:00`.
    package var quietHours: QuietHours?
    /// Texts of broadcasts that begin to go out in a minute: `BroadcastPace`.
    package var broadcastsPerMinute: Int?

    /// Keys whose value could not be used and was passed over. For the log; never stored.
    package var problems: [String] = []

    package init() {}
}

extension BusinessSettings: CustomStringConvertible, CustomReflectable {
    /// Half of it is secrets.
    package var description: String { "BusinessSettings(•••)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension BusinessSettings: Codable {
    enum CodingKeys: String, CodingKey {
        case twilioAccountSID = "twilio_account_sid"
        case twilioAuthToken = "twilio_auth_token"
        case twilioAuthTokenPrevious = "twilio_auth_token_previous"
        case twilioFrom = "twilio_from"
        case twilioTemplate = "twilio_template"
        case metaPhoneNumberID = "meta_phone_number_id"
        case metaAccessToken = "meta_access_token"
        case metaAppSecret = "meta_app_secret"
        case metaAppSecretPrevious = "meta_app_secret_previous"
        case metaTemplate = "meta_template"
        case metaTemplateLanguage = "meta_template_language"
        case evolutionURL = "evolution_url"
        case evolutionInstance = "evolution_instance"
        case evolutionAPIKey = "evolution_api_key"
        case evolutionWebhookSecret = "evolution_webhook_secret"
        case evolutionWebhookSecretPrevious = "evolution_webhook_secret_previous"
        case wahaURL = "waha_url"
        case wahaSession = "waha_session"
        case wahaAPIKey = "waha_api_key"
        case wahaWebhookSecret = "waha_webhook_secret"
        case wahaWebhookSecretPrevious = "waha_webhook_secret_previous"
        case aiURL = "ai_url"
        case aiAPIKey = "ai_api_key"
        case temperature
        case maxTokens = "max_tokens"
        case fallbackText = "fallback_text"
        case apologyText = "apology_text"
        case texts
        case language
        case coalesceMS = "coalesce_ms"
        case groups
        case followUp = "follow_up"
        case readMarks = "read_marks"
        case quietMinutes = "quiet_minutes"
        case automaticTexts = "automatic_texts"
        case repliesPerMinute = "replies_per_minute"
        case optOutWords = "opt_out_words"
        case optInWords = "opt_in_words"
        case quietHours = "quiet_hours"
        case broadcastsPerMinute = "broadcasts_per_minute"
    }

    /// Never fails because of a value: one wrong setting must not silence a business.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        var problems: [String] = []
        func read<T: Decodable>(_ key: CodingKeys) -> T? {
            do {
                return try container.decodeIfPresent(T.self, forKey: key)
            } catch {
                problems.append(key.rawValue)
                return nil
            }
        }
        /// An empty text is what a form leaves of a field that was not filled in: not set.
        func text(_ key: CodingKeys) -> String? {
            let value: String? = read(key)
            return value?.isEmpty == true ? nil : value
        }
        twilioAccountSID = text(.twilioAccountSID)
        twilioAuthToken = text(.twilioAuthToken)
        twilioAuthTokenPrevious = text(.twilioAuthTokenPrevious)
        twilioFrom = text(.twilioFrom)
        twilioTemplate = text(.twilioTemplate)
        metaPhoneNumberID = text(.metaPhoneNumberID)
        metaAccessToken = text(.metaAccessToken)
        metaAppSecret = text(.metaAppSecret)
        metaAppSecretPrevious = text(.metaAppSecretPrevious)
        metaTemplate = text(.metaTemplate)
        metaTemplateLanguage = text(.metaTemplateLanguage)
        evolutionURL = text(.evolutionURL)
        evolutionInstance = text(.evolutionInstance)
        evolutionAPIKey = text(.evolutionAPIKey)
        evolutionWebhookSecret = text(.evolutionWebhookSecret)
        evolutionWebhookSecretPrevious = text(.evolutionWebhookSecretPrevious)
        wahaURL = text(.wahaURL)
        wahaSession = text(.wahaSession)
        wahaAPIKey = text(.wahaAPIKey)
        wahaWebhookSecret = text(.wahaWebhookSecret)
        wahaWebhookSecretPrevious = text(.wahaWebhookSecretPrevious)
        aiURL = text(.aiURL)
        aiAPIKey = text(.aiAPIKey)
        temperature = read(.temperature)
        maxTokens = read(.maxTokens)
        fallbackText = text(.fallbackText)
        apologyText = text(.apologyText)
        texts = read(.texts)
        language = text(.language)
        coalesceMS = read(.coalesceMS)
        groups = read(.groups)
        followUp = read(.followUp)
        readMarks = read(.readMarks)
        quietMinutes = read(.quietMinutes)
        automaticTexts = read(.automaticTexts)
        repliesPerMinute = read(.repliesPerMinute)
        optOutWords = read(.optOutWords)
        optInWords = read(.optInWords)
        // Also where it is empty: `read` would call that a fault.
        quietHours = text(.quietHours) == nil ? nil : read(.quietHours)
        broadcastsPerMinute = read(.broadcastsPerMinute)
        self.problems = problems
    }
}
