import Native

/// Stands in for the Baileys gateway. Every business is paired and connected until it logs out.
@LoopActor final class Gateway {
    private let desk: Desk
    /// Nil: nobody has to prove anything.
    private let secret: String?
    private var outbox: GatewayOutbox
    private let remembered: Int
    /// What was sent before is not known. Before its start there was nothing.
    private var remembersSince = WallTime(milliseconds: 0)
    private var activeSends: [String: Int] = [:]
    private var loggedOut: Set<String> = []

    init(_ desk: Desk, secret: String?, remembered: Int) {
        self.desk = desk
        self.secret = secret
        self.remembered = remembered
        outbox = GatewayOutbox(capacity: remembered)
    }

    // MARK: Sending

    func send(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse {
        guard isProven(request) else { return Self.unproven }
        let start = MonotonicInstant.now()
        let tenant = words["tenant"]
        guard let message = try? GatewayMessage.read(request.body) else {
            return .failure(400, "bad_request", "to, text and messageId are needed")
        }
        activeSends[tenant, default: 0] += 1
        defer { activeSends[tenant, default: 1] -= 1 }
        // The first send of an id decides; the others wait for it and get its answer.
        if let known = outbox[tenant, message.id] {
            desk.statistics[.gateway].calls += 1
            desk.statistics[.gateway].duplicates += 1
            return await Self.result(known, message.id, start, isDuplicate: true)
        }
        let sending = OneShot<GatewayVerdict>()
        outbox.begin(tenant, message.id, sending)
        let mode = await desk.call(.gateway, of: tenant)
        switch mode {
        case .ok where !loggedOut.contains(tenant), .deliverThenHang, .deliverThenClose, .deliverThenGarble:
            desk.deliver(.gateway, tenant: tenant, to: message.to, id: message.id, text: message.text)
            sending.resolve(.sent)
        case .deliverThenForget:
            desk.deliver(.gateway, tenant: tenant, to: message.to, id: message.id, text: message.text)
            sending.resolve(.sent)
            outbox = GatewayOutbox(capacity: remembered)
            remembersSince = .now()
            return .closed
        case .rejected: sending.resolve(.refused)
        case .unanswered: sending.resolve(.unanswered)
        default:
            // As if never seen: the same id may be tried again.
            outbox.forget(tenant, message.id)
            sending.resolve(.cannotSend)
        }
        if let answer = await desk.answerAfterDelivery(mode) { return answer }
        switch mode {
        case .hang: return await desk.hang()
        case .close: return .closed
        case .error: return Self.broken
        case .rateLimited: return .failure(429, "rate_limited", "Too many sends", headers: [("Retry-After", "1")])
        default: return await Self.result(sending, message.id, start, isDuplicate: false)
        }
    }

    func message(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse {
        if let answer = await answerByFault(request, words) { return answer }
        guard let sending = outbox[words["tenant"], words["id"]] else {
            return .object(status: 404) { json in
                json.field("error", "not_found")
                json.field("message", "No message has this id")
                json.field("remembersSince", Int(remembersSince.milliseconds))
            }
        }
        let state =
            switch sending.result {
            case nil, .unanswered: "sending"
            case .sent: "sent"
            case .refused, .cannotSend: "failed"
            }
        return .object { json in
            json.field("state", state)
            json.field("messageId", words["id"])
        }
    }

    func sendingStatus(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse {
        if let answer = await answerByFault(request, words) { return answer }
        let active = activeSends[words["tenant"]] ?? 0
        return .object { json in
            json.field("isSending", active > 0)
            json.field("activeSends", active)
        }
    }

    // MARK: The socket

    func status(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse {
        guard isProven(request) else { return Self.unproven }
        let mode = await desk.call(.gateway, .status, of: words["tenant"])
        if let answer = await desk.answer(to: mode, broken: Self.broken) { return answer }
        let isPaired = !loggedOut.contains(words["tenant"])
        return .object { json in
            json.field("connected", isPaired)
            json.field("canSend", isPaired && mode != .cannotSend)
            json.field("authPaired", isPaired)
            json.field("starting", false)
            json.field("hasSocket", isPaired)
            json.key("lastError")
            json.null()
        }
    }

    func restart(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse {
        if let answer = await answerByFault(request, words) { return answer }
        if activeSends[words["tenant"]] ?? 0 > 0 { return .failure(409, "busy", "A message is being sent") }
        return .object(status: 202) { $0.field("ok", true) }
    }

    func start(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse {
        if let answer = await answerByFault(request, words) { return answer }
        loggedOut.remove(words["tenant"])
        return .object(status: 202) { $0.field("ok", true) }
    }

    func logout(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse {
        if let answer = await answerByFault(request, words) { return answer }
        loggedOut.insert(words["tenant"])
        return .object { $0.field("ok", true) }
    }

    func qr(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse {
        if let answer = await answerByFault(request, words) { return answer }
        let isPaired = !loggedOut.contains(words["tenant"])
        return .object { json in
            json.field("authPaired", isPaired)
            json.key("qr")
            if isPaired { json.null() } else { json.value("simulated-pairing-code") }
        }
    }

    func read(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse {
        await mark(request, words, .read) { json in
            json["to"]?.string == nil ? nil : json["messageIds"]?.items.map { $0.string ?? "" }
        }
    }

    func typing(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse {
        await mark(request, words, .typing) { $0["to"]?.string.map { [$0] } }
    }

    private func mark(
        _ request: HTTPRequest, _ words: PathWords, _ kind: Mark.Kind, _ what: (JSONElement) -> [String]?
    ) async -> HTTPResponse {
        guard isProven(request) else { return Self.unproven }
        let mode = await desk.faults.draw(.gateway, .other, of: words["tenant"])
        if let answer = await desk.answer(to: mode, broken: Self.broken) { return answer }
        guard let what = try? JSON.read(request.body, what) ?? nil else {
            return .failure(400, "bad_request", "to is needed, and messageIds of what was read")
        }
        desk.mark(.gateway, kind, what)
        return .object { $0.field("ok", true) }
    }

    func media(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse {
        if let answer = await answerByFault(request, words) { return answer }
        guard let media = desk.media[words["id"]] else {
            return .failure(404, "not_found", "Nothing came with a message of this id")
        }
        return HTTPResponse(status: 200, headers: [("Content-Type", media.type)], body: media.bytes)
    }

    // MARK: Answers

    private static let unproven = HTTPResponse.json(status: 401, body: #"{"error":"unauthorized"}"#)
    private static let broken = HTTPResponse.failure(500, "internal_error", "The simulator was told to fail")

    private func isProven(_ request: HTTPRequest) -> Bool {
        guard let secret else { return true }
        return constantTimeEquals(request.header("X-Internal-Secret") ?? "", secret)
    }

    /// What a call other than `send` and `status` answers in place of its own answer.
    private func answerByFault(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse? {
        guard isProven(request) else { return Self.unproven }
        return await desk.answer(to: await desk.call(.gateway, .other, of: words["tenant"]), broken: Self.broken)
    }

    private static func result(
        _ sending: OneShot<GatewayVerdict>, _ id: String, _ start: MonotonicInstant, isDuplicate: Bool
    ) async -> HTTPResponse {
        // Nobody cancels this task.
        let verdict = (try? await sending.value) ?? .cannotSend
        let status =
            switch verdict {
            case .sent: 200
            case .cannotSend: 409
            case .refused: 422
            case .unanswered: 504
            }
        return .object(status: status) { json in
            switch verdict {
            case .sent: json.field("ok", true)
            case .cannotSend: json.field("error", "cannot_send")
            case .refused:
                json.field("error", "refused")
                json.field("code", "463")
            case .unanswered:
                json.field("error", "timeout")
                json.field("state", "sending")
            }
            json.field("messageId", id)
            json.field("duplicate", isDuplicate)
            json.field("durationMs", (MonotonicInstant.now() - start).milliseconds)
        }
    }
}
