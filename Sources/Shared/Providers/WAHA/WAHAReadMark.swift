import Native

/// WAHA's `sendSeen` and `startTyping`. Releases before `messageIds` take one, by `messageId`.
/// Source: WAHA's "Send messages", `SendSeenRequest` of devlikeapro/waha.
enum WAHAReadMark {
    static func requests(_ mark: ReadMark, _ account: WAHAAccount) -> [HTTPClient.Request] {
        guard let chat = WAHAAddress.chat([mark.last.address] + mark.last.otherAddresses) else { return [] }
        func post(_ path: String, _ write: (inout JSONWriter) -> Void) -> HTTPClient.Request {
            ReadMarkCalls.post(
                account.url + path, headers: [("X-Api-Key", account.apiKey.exposed)],
                mayBePrivate: account.mayBePrivate, write)
        }
        return [
            post("/api/sendSeen") { json in
                json.field("session", account.session)
                json.field("chatId", chat)
                json.field("messageId", mark.last.messageID)
                json.field("messageIds", mark.messages.map(\.messageID))
                json.field("participant", ifPresent: mark.participant)
            },
            post("/api/startTyping") { json in
                json.field("session", account.session)
                json.field("chatId", chat)
            },
        ]
    }
}
