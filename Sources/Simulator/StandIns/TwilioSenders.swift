import Native

/// Stands in for Twilio's Senders resource, where WhatsApp senders and their webhooks are, and for its list of phone
/// numbers, which has none here. A sender is made as with Twilio: `POST /v2/Channels/Senders`.
@LoopActor final class TwilioSenders {
    private struct Sender {
        let id: String
        let name: String
        let callbackURL: String?
        let callbackMethod: String?
        let fallbackURL: String?
    }

    private var senders: [Sender] = []
    private static let most = 1000

    func create(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse {
        guard isProven(request) else { return Self.refused }
        let read = try? JSON.read(request.body) { json -> Sender? in
            guard let name = json["sender_id"]?.string else { return nil }
            let webhook = json["webhook"]
            return Sender(
                id: "XE" + Hex.encode(randomBytes(16)), name: name, callbackURL: webhook?["callback_url"]?.string,
                callbackMethod: webhook?["callback_method"]?.string, fallbackURL: webhook?["fallback_url"]?.string)
        }
        guard let sender = read ?? nil, senders.count < Self.most else {
            return .failure(400, "invalid", "sender_id is missing")
        }
        senders.removeAll { $0.name == sender.name }
        senders.append(sender)
        return .object(status: 202) { Self.write(sender, &$0) }
    }

    func list(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse {
        guard isProven(request) else { return Self.refused }
        return .object { json in
            json.key("senders")
            json.beginArray()
            for sender in senders {
                json.beginObject()
                Self.write(sender, &json)
                json.endObject()
            }
            json.endArray()
        }
    }

    func phones(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse {
        isProven(request) ? .json(status: 200, body: #"{"incoming_phone_numbers":[]}"#) : Self.refused
    }

    /// Any account and password will do.
    private func isProven(_ request: HTTPRequest) -> Bool { request.basicCredentials != nil }

    private static var refused: HTTPResponse { .failure(401, "authenticate", "Authenticate") }

    private static func write(_ sender: Sender, _ json: inout JSONWriter) {
        json.field("sid", sender.id)
        json.field("sender_id", sender.name)
        json.field("status", "ONLINE")
        json.key("webhook")
        json.beginObject()
        json.field("callback_url", ifPresent: sender.callbackURL)
        json.field("callback_method", ifPresent: sender.callbackMethod)
        json.field("fallback_url", ifPresent: sender.fallbackURL)
        json.endObject()
    }
}
