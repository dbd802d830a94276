import Native

/// Twilio's typing indicator, which marks the message as read. Public beta.
/// Source: Twilio's "Typing Indicators resource".
enum TwilioReadMark {
    private static let api = "https://api.twilio.com"
    private static let messaging = "https://messaging.twilio.com"

    /// - Parameter url: of Twilio's API. Where it is not Twilio's own, both are there.
    static func request(_ mark: ReadMark, _ account: TwilioAccount, url: String) -> HTTPClient.Request {
        var request = HTTPClient.Request(
            method: "POST", url: (url == api ? messaging : url) + "/v2/Indicators/Typing.json")
        let credentials = Base64.encode(Array("\(account.accountSID):\(account.authToken.exposed)".utf8))
        request.headers = [
            ("Authorization", "Basic " + credentials), ("Content-Type", "application/x-www-form-urlencoded"),
        ]
        request.body = Array(
            FormEncoding.encode([("messageId", mark.last.messageID), ("channel", "whatsapp")]).utf8)
        request.timeout = ReadMarkCalls.timeout
        request.allowsPrivateAddresses = true
        return request
    }
}
