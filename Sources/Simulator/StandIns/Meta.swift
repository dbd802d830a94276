import Native

/// Stands in for `POST /{version}/{phone number id}/messages` of Meta's Cloud API: texts, and read marks.
@LoopActor final class Meta {
    private let desk: Desk
    private let statuses: MetaStatuses

    init(_ desk: Desk, _ statuses: MetaStatuses) {
        self.desk = desk
        self.statuses = statuses
    }

    private enum Message {
        case text(to: String, String, ownID: String?)
        case read(id: String, isTyping: Bool)
    }

    func send(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse {
        guard request.header("Authorization")?.hasPrefix("Bearer ") == true else {
            return Self.failure(401, 190, "Invalid OAuth access token")
        }
        guard let message = try? Self.read(request.body) else {
            return Self.failure(400, 100, "(#100) Invalid parameter")
        }
        let to: String, text: String, ownID: String?
        switch message {
        case .text(let contact, let words, let id): (to, text, ownID) = (contact, words, id)
        case .read(let id, let isTyping):
            desk.mark(.meta, isTyping ? .both : .read, [id])
            return .json(body: #"{"success":true}"#)
        }
        let mode = await desk.call(.meta)
        switch mode {
        case .hang: return await desk.hang()
        case .close: return .closed
        case .error: return Self.failure(500, 131000, "(#131000) Something went wrong")
        case .rateLimited: return Self.failure(429, 130429, "(#130429) Rate limit hit")
        case .rejected: return Self.failure(400, 131026, "(#131026) Message undeliverable")
        default: break
        }
        let id = "wamid." + Base64.encode(randomBytes(24))
        let delivery = desk.deliver(.meta, tenant: words["number"], to: to, id: id, text: text)
        statuses.sent(delivery, number: words["number"], ownID: ownID)
        if let answer = await desk.answerAfterDelivery(mode) { return answer }
        return .object { json in
            json.field("messaging_product", "whatsapp")
            json.key("contacts")
            json.beginArray()
            json.beginObject()
            json.field("input", to)
            json.field("wa_id", Delivery.contact(to))
            json.endObject()
            json.endArray()
            json.key("messages")
            json.beginArray()
            json.beginObject()
            json.field("id", id)
            json.field("message_status", "accepted")
            json.endObject()
            json.endArray()
        }
    }

    private static func read(_ body: [UInt8]) throws(JSONError) -> Message {
        try JSON.read(body) { (root) throws(JSONError) in
            if root["status"]?.string == "read", let id = root["message_id"]?.string {
                return .read(id: id, isTyping: root["typing_indicator"] != nil)
            }
            guard let to = root["to"]?.string ?? root["recipient"]?.string,
                let text = root["text"]?["body"]?.string ?? root["template"].flatMap(words)
            else { throw .unexpected("to, and text.body or a template") }
            return .text(to: to, text, ownID: root["biz_opaque_callback_data"]?.string)
        }
    }

    /// What a template with one variable comes to.
    private static func words(_ template: JSONElement) -> String? {
        guard let name = template["name"]?.string, template["language"]?["code"]?.string != nil,
            let body = template["components"]?.items.first, body["type"]?.string == "body",
            let text = body["parameters"]?.items.first?["text"]?.string
        else { return nil }
        return "[\(name)] \(text)"
    }

    private static func failure(_ status: Int, _ code: Int, _ message: String) -> HTTPResponse {
        .object(status: status) { json in
            json.key("error")
            json.beginObject()
            json.field("message", message)
            json.field("type", "OAuthException")
            json.field("code", code)
            json.endObject()
        }
    }
}
