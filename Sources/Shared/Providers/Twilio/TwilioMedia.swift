import Native

/// Twilio's media: `MediaUrl` is opened by the account's credentials and answers with a redirect to a URL that needs none.
/// Source: Twilio's "Media resource" and "Protect Media Access with HTTP Basic Authentication".
enum TwilioMedia {
    /// Nothing where the URL is not one of Twilio's: whoever proved the webhook must not choose where the credentials go.
    ///
    /// - Parameter url: of Twilio's API, the operator's setting.
    static func calls(_ media: InboundMedia, _ account: TwilioAccount, url: String) -> [MediaCall] {
        guard let target = media.url, let there = URLOrigin(target) else { return [] }
        let isOperators = there == URLOrigin(url)
        guard isOperators || (there.scheme == "https" && there.isWithin("twilio.com")) else { return [] }
        let credentials = Base64.encode(Array("\(account.accountSID):\(account.authToken.exposed)".utf8))
        return [
            MediaCall(url: target, headers: ["Authorization": "Basic " + credentials], mayBePrivate: isOperators)
        ]
    }
}
