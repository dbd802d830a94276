import Native

/// Evolution's read mark and its presence, which it shows for `delay` ms and answers only then.
/// Source: `markMessageAsRead`, `sendPresence` and their schemas of EvolutionAPI/evolution-api 2.3.
enum EvolutionReadMark {
    /// ms. A reply that comes sooner ends it at the contact.
    private static let delay = 4000

    static func requests(_ mark: ReadMark, _ account: EvolutionAccount) -> [HTTPClient.Request] {
        let instance = PathSegment.encode(account.instance), headers = [("apikey", account.apiKey.exposed)]
        func post(_ path: String, _ write: (inout JSONWriter) -> Void) -> HTTPClient.Request {
            ReadMarkCalls.post(
                "\(account.url)\(path)/\(instance)", headers: headers, mayBePrivate: account.mayBePrivate, write)
        }
        let read = post("/chat/markMessageAsRead") { json in
            json.key("readMessages")
            json.beginArray()
            for message in mark.messages {
                json.beginObject()
                json.field("remoteJid", message.address.rawValue)
                json.field("fromMe", false)
                json.field("id", message.messageID)
                json.endObject()
            }
            json.endArray()
        }
        guard let number = EvolutionAddress.number([mark.last.address] + mark.last.otherAddresses) else {
            return [read]
        }
        let typing = post("/chat/sendPresence") { json in
            json.field("number", number)
            json.field("presence", "composing")
            json.field("delay", delay)
        }
        return [read, typing]
    }
}
