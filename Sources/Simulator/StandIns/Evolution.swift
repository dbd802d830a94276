import Native
import Shared

/// Stands in for an Evolution API server whose every instance is connected. It takes no id of the sender's: each call that
/// is taken delivers.
@LoopActor final class Evolution {
    private let desk: Desk
    /// Nil: any key will do.
    private let key: String?
    /// Taken, and never acknowledged by WhatsApp.
    private var stuck: [Delivery] = []

    init(_ desk: Desk, key: String?) {
        self.desk = desk
        self.key = key
    }

    private static let broken = failure(500, "Internal Server Error", #""Internal Server Error""#)

    func send(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse {
        guard isProven(request) else { return Self.unproven }
        let read = try? JSON.read(request.body) { ($0["number"]?.string, $0["text"]?.string) }
        guard let number = read?.0, let text = read?.1, !number.isEmpty, !text.isEmpty else {
            return Self.failure(400, "Bad Request", #"[["requires property \"number\"","requires property \"text\""]]"#)
        }
        let mode = await desk.call(.evolution)
        switch mode {
        case .hang: return await desk.hang()
        case .close: return .closed
        case .error: return Self.broken
        case .rateLimited: return Self.failure(429, "Too Many Requests", #"["Too Many Requests"]"#)
        case .rejected:
            let jid = Self.jid(number)
            return Self.failure(400, "Bad Request", #"[{"jid":"\#(jid)","exists":false,"number":"\#(number)"}]"#)
        case .cannotSend: return Self.failure(400, "Bad Request", #"["Error: Connection Closed"]"#)
        default: break
        }
        let id = "3EB0" + Hex.encode(randomBytes(9)).uppercased()
        if mode == .unanswered {
            let delivery = Delivery(
                seq: 0, provider: Service.evolution.provider, tenant: words["instance"],
                contact: Delivery.contact(number), id: id, text: text, at: .now())
            stuck.append(delivery)
            return .object(status: 201) { Self.write(delivery, jid: Self.jid(number), isTaken: false, &$0) }
        }
        let delivery = desk.deliver(.evolution, tenant: words["instance"], to: number, id: id, text: text)
        if let answer = await desk.answerAfterDelivery(mode) { return answer }
        return .object(status: 201) { Self.write(delivery, jid: Self.jid(number), &$0) }
    }

    func state(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse {
        guard isProven(request) else { return Self.unproven }
        let mode = await desk.call(.evolution, .status)
        if let answer = await desk.answer(to: mode, broken: Self.broken) { return answer }
        return .object { json in
            json.key("instance")
            json.beginObject()
            json.field("instanceName", words["instance"])
            json.field("state", mode == .cannotSend ? "close" : "open")
            json.endObject()
        }
    }

    /// The chat's messages, newest first; its oldest is one of the contact: no bot writes first. Or the one of an id, or the
    /// newest of ours.
    func find(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse {
        guard isProven(request) else { return Self.unproven }
        if let answer = await desk.answer(to: await desk.call(.evolution, .other), broken: Self.broken) {
            return answer
        }
        let read = try? JSON.read(request.body) {
            (
                $0["where"]?["key"]?["remoteJid"]?.string, $0["offset"]?.int, $0["where"]?["key"]?["id"]?.string,
                $0["where"]?["key"]?["fromMe"]?.bool
            )
        }
        if let id = read?.2 {
            return records(desk.witness.find(id: id) ?? stuck.last { $0.id == id }, words["instance"])
        }
        if read?.3 == true {
            return records(
                desk.witness.messages(contact: nil, after: 0).last {
                    $0.provider == Service.evolution.provider && $0.tenant == words["instance"]
                }, words["instance"])
        }
        guard let jid = read?.0 else { return Self.failure(400, "Bad Request", #"[["requires property \"where\""]]"#) }
        let mine = desk.witness.messages(contact: jid, after: 0)
            .filter { $0.provider == Service.evolution.provider && $0.tenant == words["instance"] }
        return .object { json in
            json.key("messages")
            json.beginObject()
            json.field("total", mine.count + 1)
            json.field("currentPage", 1)
            json.key("records")
            json.beginArray()
            for delivery in mine.reversed().prefix(min(max(read?.1 ?? 50, 1), 1000)) {
                json.beginObject()
                Self.write(delivery, jid: jid, &json)
                json.endObject()
            }
            json.raw(
                #"{"key":{"id":"3EB0FIRST","fromMe":false,"remoteJid":""# + jid
                    + #""},"message":{"conversation":"Hi"},"messageTimestamp":1700000000}"#)
            json.endArray()
            json.endObject()
        }
    }

    private func records(_ delivery: Delivery?, _ instance: String) -> HTTPResponse {
        let mine = delivery.flatMap {
            $0.provider == Service.evolution.provider && $0.tenant == instance ? $0 : nil
        }
        return .object { json in
            json.key("messages")
            json.beginObject()
            json.field("total", mine == nil ? 0 : 1)
            json.key("records")
            json.beginArray()
            if let mine {
                json.beginObject()
                // Numbered is what was delivered.
                Self.write(mine, jid: Self.jid(mine.contact), isTaken: mine.seq > 0, &json)
                json.endObject()
            }
            json.endArray()
            json.endObject()
        }
    }

    func read(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse {
        await mark(request, .read) { $0["readMessages"]?.items.compactMap { $0["id"]?.string } }
    }

    func typing(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse {
        await mark(request, .typing) {
            guard $0["presence"]?.string == "composing", $0["delay"]?.int != nil else { return nil }
            return $0["number"]?.string.map { [$0] }
        }
    }

    private func mark(
        _ request: HTTPRequest, _ kind: Mark.Kind, _ what: (JSONElement) -> [String]?
    ) async -> HTTPResponse {
        guard isProven(request) else { return Self.unproven }
        guard let what = try? JSON.read(request.body, what) ?? nil, !what.isEmpty else {
            return Self.failure(400, "Bad Request", #"[["something is missing"]]"#)
        }
        desk.mark(.evolution, kind, what)
        return .json(status: 201, body: #"{"message":"Read messages","read":"success"}"#)
    }

    // MARK: Answers

    private static let unproven = failure(401, "Unauthorized", #""Unauthorized""#)

    private func isProven(_ request: HTTPRequest) -> Bool {
        guard let given = request.header("apikey"), !given.isEmpty else { return false }
        guard let key else { return true }
        return constantTimeEquals(given, key)
    }

    private static func jid(_ number: String) -> String { number.contains("@") ? number : number + "@s.whatsapp.net" }

    private static func write(_ delivery: Delivery, jid: String, isTaken: Bool = true, _ json: inout JSONWriter) {
        json.key("key")
        json.beginObject()
        json.field("remoteJid", jid)
        json.field("fromMe", true)
        json.field("id", delivery.id)
        json.endObject()
        json.field("pushName", "Você")
        json.field("status", "PENDING")
        json.key("message")
        json.beginObject()
        json.field("conversation", delivery.text)
        json.endObject()
        json.field("messageType", "conversation")
        json.field("messageTimestamp", Int(delivery.at.milliseconds / 1000))
        json.field("source", "web")
        json.key("MessageUpdate")
        json.raw(isTaken ? #"[{"status":"SERVER_ACK"},{"status":"DELIVERY_ACK"}]"# : "[]")
    }

    /// - Parameter message: JSON.
    private static func failure(_ status: Int, _ error: String, _ message: String) -> HTTPResponse {
        .object(status: status) { json in
            json.field("status", status)
            json.field("error", error)
            json.key("response")
            json.beginObject()
            json.key("message")
            json.raw(message)
            json.endObject()
        }
    }
}
