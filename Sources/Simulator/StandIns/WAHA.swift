import Native
import Shared

/// Stands in for a WAHA server whose every session works, with the engine GOWS. It sends under the id it is given, and a
/// repeated id again: WAHA promises nothing else.
@LoopActor final class WAHA {
    private let desk: Desk
    /// Nil: any key will do.
    private let key: String?

    init(_ desk: Desk, key: String?) {
        self.desk = desk
        self.key = key
    }

    private struct Message {
        var session, chat, text: String
        var id: String?

        @LoopActor static func read(_ body: [UInt8]) throws(JSONError) -> Message {
            try JSON.read(body) { (root) throws(JSONError) in
                guard let session = root["session"]?.string, let chat = root["chatId"]?.string,
                    let text = root["text"]?.string, !chat.isEmpty
                else { throw .unexpected("session, chatId and text") }
                return Message(session: session, chat: chat, text: text, id: root["id"]?.string)
            }
        }
    }

    func send(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse {
        guard isProven(request) else { return Self.unproven }
        guard let message = try? Message.read(request.body) else {
            return Self.failure(400, "session, chatId and text are needed")
        }
        let mode = await desk.call(.waha)
        switch mode {
        case .hang: return await desk.hang()
        case .close: return .closed
        case .error: return Self.failure(500, "Internal server error")
        case .rateLimited: return Self.failure(429, "Too Many Requests")
        case .rejected: return Self.failure(400, "chatId must be a chat")
        case .cannotSend:
            return .object(status: 422) { json in
                json.field(
                    "error", "Session status is not as expected. Try again later or restart the session")
                json.field("session", message.session)
                json.field("status", "STOPPED")
                json.key("expected")
                json.raw(#"["WORKING"]"#)
            }
        default: break
        }
        let id = message.id ?? "3EB0" + Hex.encode(randomBytes(9)).uppercased()
        let delivery = desk.deliver(.waha, tenant: message.session, to: message.chat, id: id, text: message.text)
        if let answer = await desk.answerAfterDelivery(mode) { return answer }
        return .object(status: 201) { json in
            json.field("id", "true_\(message.chat)_\(delivery.id)")
            json.key("_data")
            json.null()
        }
    }

    func session(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse {
        guard isProven(request) else { return Self.unproven }
        let mode = await desk.call(.waha, .status)
        if let answer = await desk.answer(to: mode, broken: Self.broken) { return answer }
        return .object { json in
            json.field("name", words["session"])
            json.field("status", mode == .cannotSend ? "STOPPED" : "WORKING")
            json.key("engine")
            json.beginObject()
            json.field("engine", "GOWS")
            json.endObject()
        }
    }

    /// The chat's messages, newest first. Its oldest is one of the contact: no bot writes first.
    func messages(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse {
        guard isProven(request) else { return Self.unproven }
        if let answer = await desk.answer(to: await desk.call(.waha, .other), broken: Self.broken) { return answer }
        let chat = words["chat"]
        let size = min(max(request.query("limit").flatMap { Int($0) } ?? 100, 1), 1000)
        let mine = desk.witness.messages(contact: chat, after: 0)
            .filter { $0.provider == Service.waha.provider && $0.tenant == words["session"] }
        var json = JSONWriter()
        json.beginArray()
        for delivery in mine.reversed().prefix(size) {
            Self.write("true_\(chat)_\(delivery.id)", isOwn: true, delivery.text, delivery.at, &json)
        }
        Self.write("false_\(chat)_3EB0FIRST", isOwn: false, "Hi", WallTime(milliseconds: 1_700_000_000_000), &json)
        json.endArray()
        return .json(body: json.bytes)
    }

    /// One message, by WAHA's id or WhatsApp's.
    func message(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse {
        guard isProven(request) else { return Self.unproven }
        if let answer = await desk.answer(to: await desk.call(.waha, .other), broken: Self.broken) { return answer }
        let chat = words["chat"]
        guard let delivery = desk.witness.find(id: WAHAMessageID.stanza(of: words["message"])),
            delivery.provider == Service.waha.provider, delivery.tenant == words["session"],
            delivery.contact == Delivery.contact(chat)
        else { return Self.failure(404, "Message not found") }
        var json = JSONWriter()
        Self.write("true_\(chat)_\(delivery.id)", isOwn: true, delivery.text, delivery.at, &json)
        return .json(body: json.bytes)
    }

    func seen(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse {
        await mark(request, .read) { $0["messageIds"]?.items.compactMap(\.string) }
    }

    func typing(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse {
        await mark(request, .typing) { $0["chatId"]?.string.map { [$0] } }
    }

    private func mark(
        _ request: HTTPRequest, _ kind: Mark.Kind, _ what: (JSONElement) -> [String]?
    ) async -> HTTPResponse {
        guard isProven(request) else { return Self.unproven }
        let read = try? JSON.read(request.body) { json -> [String]? in
            json["session"]?.string == nil || json["chatId"]?.string == nil ? nil : what(json)
        }
        guard let what = read ?? nil else { return Self.failure(400, "session and chatId are needed") }
        desk.mark(.waha, kind, what)
        return .json(status: 201, body: "{}")
    }

    // MARK: Answers

    private static let unproven = failure(401, "Unauthorized")
    private static let broken = failure(500, "Internal server error")

    private func isProven(_ request: HTTPRequest) -> Bool {
        guard let given = request.header("X-Api-Key"), !given.isEmpty else { return false }
        guard let key else { return true }
        return constantTimeEquals(given, key)
    }

    private static func write(
        _ id: String, isOwn: Bool, _ text: String, _ at: WallTime, _ json: inout JSONWriter
    ) {
        json.beginObject()
        json.field("id", id)
        json.field("timestamp", Int(at.milliseconds / 1000))
        json.field("fromMe", isOwn)
        json.field("body", text)
        json.field("hasMedia", false)
        json.field("ack", 2)
        json.field("ackName", "DEVICE")
        json.endObject()
    }

    private static func failure(_ status: Int, _ message: String) -> HTTPResponse {
        .object(status: status) { json in
            json.field("statusCode", status)
            json.field("message", message)
        }
    }
}
