import Native

/// Stands in for Twilio's Messages resource. It has no idempotency key: each call that is taken delivers.
@LoopActor final class Twilio {
    private let desk: Desk
    /// Nil: any password will do.
    private let token: String?

    init(_ desk: Desk, token: String?) {
        self.desk = desk
        self.token = token
    }

    func send(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse {
        let account = words["account"]
        guard isProven(request, account) else { return Self.failure(401, 20003, "Authenticate") }
        let form = URLEncodedForm(request.body)
        guard let to = form["To"], !to.isEmpty else {
            return Self.failure(400, 21604, "A 'To' phone number is required.")
        }
        guard let text = form["Body"] ?? form["MediaUrl"].map({ "[\($0)]" }) ?? Self.template(form), !text.isEmpty
        else {
            return Self.failure(400, 21619, "A text message body or media urls must be specified.")
        }
        guard text.utf16.count <= 1600 else {
            return Self.failure(400, 21617, "The concatenated message body exceeds the 1600 character limit.")
        }
        let mode = await desk.call(.twilio)
        switch mode {
        case .hang: return await desk.hang()
        case .close: return .closed
        case .error: return Self.failure(500, 20500, "Internal Server Error")
        case .rateLimited:
            var answer = Self.failure(429, 20429, "Too Many Requests")
            answer.headers.append(("Retry-After", "1"))
            return answer
        case .rejected: return Self.failure(400, 63016, "Failed to send freeform message: outside the allowed window.")
        default: break
        }
        let id = "SM" + Hex.encode(randomBytes(16))
        let delivery = desk.deliver(.twilio, tenant: account, to: to, id: id, text: text)
        if let answer = await desk.answerAfterDelivery(mode) { return answer }
        return .object(status: 201) { Self.write(delivery, status: "queued", to: to, from: form["From"], &$0) }
    }

    /// What a template with one variable comes to.
    private static func template(_ form: URLEncodedForm) -> String? {
        guard let id = form["ContentSid"], id.hasPrefix("HX"), let variables = form["ContentVariables"] else {
            return nil
        }
        let first = try? JSON.read(Array(variables.utf8)) { $0["1"]?.string }
        return (first ?? nil).map { "[\(id)] \($0)" }
    }

    /// The typing indicator, which marks its message as read.
    func typing(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse {
        guard request.basicCredentials != nil else { return Self.failure(401, 20003, "Authenticate") }
        let form = URLEncodedForm(request.body)
        guard let id = form["messageId"], id.hasPrefix("SM") || id.hasPrefix("MM"), form["channel"] == "whatsapp" else {
            return Self.failure(400, 20001, "Invalid parameters")
        }
        desk.mark(.twilio, .both, [id])
        return .object { $0.field("success", true) }
    }

    /// Twilio's list, newest first, filtered by `To`.
    func list(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse {
        let account = words["account"]
        guard isProven(request, account) else { return Self.failure(401, 20003, "Authenticate") }
        let mode = await desk.faults.draw(.twilio, .other)
        if mode == .hang { return await desk.hang() }
        if mode == .close { return .closed }
        if mode != .ok { return Self.failure(500, 20500, "Internal Server Error") }
        let size = min(max(request.query("PageSize").flatMap { Int($0) } ?? 50, 1), 1000)
        let mine = desk.witness.messages(contact: request.query("To"), after: 0)
            .filter { $0.provider == Service.twilio.provider && $0.tenant == account }
        return .object { json in
            json.key("messages")
            json.beginArray()
            for delivery in mine.reversed().prefix(size) {
                json.beginObject()
                Self.write(delivery, status: "sent", to: "whatsapp:+\(delivery.contact)", from: nil, &json)
                json.endObject()
            }
            json.endArray()
            json.field("page", 0)
            json.field("page_size", size)
            json.key("next_page_uri")
            json.null()
        }
    }

    /// One message, `<sid>.json`. All that went out was delivered.
    func message(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse {
        let account = words["account"], id = words["message"].replacing(".json", with: "")
        guard isProven(request, account) else { return Self.failure(401, 20003, "Authenticate") }
        switch await desk.faults.draw(.twilio, .other) {
        case .ok: break
        case .hang: return await desk.hang()
        case .close: return .closed
        case .rateLimited: return Self.failure(429, 20429, "Too Many Requests")
        default: return Self.failure(500, 20500, "Internal Server Error")
        }
        guard
            let delivery = desk.witness.find(id: id), delivery.provider == Service.twilio.provider,
            delivery.tenant == account
        else { return Self.failure(404, 20404, "The requested resource was not found") }
        return .object {
            Self.write(delivery, status: "delivered", to: "whatsapp:+\(delivery.contact)", from: nil, &$0)
        }
    }

    private func isProven(_ request: HTTPRequest, _ account: String) -> Bool {
        guard let credentials = request.basicCredentials else { return false }
        guard let token else { return true }
        return constantTimeEquals(credentials, Base64.encode(Array("\(account):\(token)".utf8)))
    }

    private static func write(
        _ delivery: Delivery, status: String, to: String, from: String?, _ json: inout JSONWriter
    ) {
        json.field("sid", delivery.id)
        json.field("account_sid", delivery.tenant)
        json.field("to", to)
        json.field("from", ifPresent: from)
        json.field("body", delivery.text)
        json.field("status", status)
        json.field("direction", "outbound-api")
        json.field("num_segments", "1")
        json.field("api_version", "2010-04-01")
        json.field("date_created", RFC2822.text(delivery.at))
        json.field("date_sent", RFC2822.text(delivery.at))
        json.field("date_updated", RFC2822.text(delivery.at))
        json.key("error_code")
        json.null()
        json.key("error_message")
        json.null()
        json.field("uri", "/2010-04-01/Accounts/\(delivery.tenant)/Messages/\(delivery.id).json")
    }

    private static func failure(_ status: Int, _ code: Int, _ message: String) -> HTTPResponse {
        .object(status: status) { json in
            json.field("code", code)
            json.field("message", message)
            json.field("more_info", "https://www.twilio.com/docs/errors/\(code)")
            json.field("status", status)
        }
    }
}
