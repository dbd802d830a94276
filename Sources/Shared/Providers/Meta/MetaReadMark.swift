import Native

/// Meta's read mark with a typing indicator. It counts for the messages before it too.
/// Source: Meta's "Typing indicators" and "Mark messages as read".
enum MetaReadMark {
    static func request(_ mark: ReadMark, _ account: MetaAccount, url: String) -> HTTPClient.Request {
        ReadMarkCalls.post(
            "\(url)/\(account.phoneNumberID)/messages",
            headers: [("Authorization", "Bearer " + account.accessToken.exposed)], mayBePrivate: true
        ) { json in
            json.field("messaging_product", "whatsapp")
            json.field("status", "read")
            json.field("message_id", mark.last.messageID)
            json.key("typing_indicator")
            json.beginObject()
            json.field("type", "text")
            json.endObject()
        }
    }
}
