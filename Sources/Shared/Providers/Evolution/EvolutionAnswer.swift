import Native

/// What Evolution's answers mean.
///
/// Source: `sendMessageWithTyping` and `dataValidate` of EvolutionAPI/evolution-api 2.3. It answers 400 for everything that
/// goes wrong once it has begun to send, also when only its own record of a sent message failed.
@LoopActor enum EvolutionAnswer {
    static func isOpen(_ answer: HTTPClient.Response) -> Bool {
        guard answer.status == 200 else { return false }
        return (try? JSON.read(answer.body) { $0["instance"]?["state"]?.string == "open" }) ?? false
    }

    static func outcome(of answer: HTTPClient.Response) -> SendOutcome {
        switch answer.status {
        case 200..<300:
            guard let id = (try? JSON.read(answer.body) { $0["key"]?["id"]?.string }) ?? nil else {
                return .unknown(detail: "evolution answered \(answer.status) without key.id", isTimeout: false)
            }
            return .sent(providerID: id)
        case 400: return (try? JSON.read(answer.body) { badRequest($0) }) ?? open(400)
        case 401, 403, 404: return .refused(.channel(code: "evolution_\(answer.status)"))
        case 413, 422: return .refused(.message(code: "evolution_\(answer.status)"))
        case 429: return .refused(.rateLimited(retryAfter: answer.retryAfter ?? .seconds(5)))
        default: return open(answer.status)
        }
    }

    private static func open(_ status: Int) -> SendOutcome {
        .unknown(detail: "evolution_\(status)", isTimeout: status == 504)
    }

    /// `response.message` holds what was wrong: an object for a number that is not on WhatsApp, a list of faults when the
    /// request did not pass validation, a text when sending threw.
    private static func badRequest(_ root: JSONElement) -> SendOutcome {
        guard let reason = root["response"]?["message"]?.items.first else { return open(400) }
        if reason["exists"]?.bool == false { return .refused(.contact(code: "evolution_not_on_whatsapp")) }
        if reason.isArray { return .refused(.message(code: "evolution_400")) }
        // Baileys throws it before it writes to a socket that is closed.
        if reason.string?.hasSuffix("Connection Closed") == true {
            return .refused(.unable(detail: "evolution_connection_closed"))
        }
        return open(400)
    }

    /// Messages that are asked for in a look-up.
    static let searchLimit = 50

    /// Looks for the text among the chat's newest messages, as `findMessages` lists them, and passes over those that are
    /// known as others.
    static func find(
        _ message: OutboundMessage, since: WallTime, knowing known: KnownSends, in answer: HTTPClient.Response
    ) -> OpenSend.Listing? {
        guard answer.status == 200 || answer.status == 201 else { return nil }
        let listing = try? JSON.read(answer.body) { root -> OpenSend.Listing? in
            guard let records = root["messages"]?["records"], records.isArray else { return nil }
            var listing = OpenSend.Listing(since: since)
            var count = 0, oldest: WallTime?
            for record in records.items {
                count += 1
                let at = OpenSend.time(record["messageTimestamp"])
                if let at { oldest = min(oldest ?? at, at) }
                guard record["key"]?["fromMe"]?.bool == true, text(record["message"]) == message.text else { continue }
                let id = record["key"]?["id"]?.string
                if let id, known.isAnothers(id, than: message) { continue }
                listing.addSame(id, at: at)
            }
            listing.knowsChat = count > 0
            listing.close(count: count, limit: searchLimit, oldest: oldest)
            return listing
        }
        return listing ?? nil
    }

    /// Why a message failed, as far as it is told.
    static let refusal = "evolution_error"

    /// Whether the list has a message of which WhatsApp's server has told anything but a refusal.
    static func tellsAcknowledgements(_ answer: HTTPClient.Response) -> Bool {
        guard answer.status == 200 || answer.status == 201 else { return false }
        let isTelling = try? JSON.read(answer.body) { root in
            (root["messages"]?["records"]?.items ?? []).contains { record in
                record["key"]?["fromMe"]?.bool == true && status(record).map { $0 != .failed } ?? false
            }
        }
        return isTelling ?? false
    }

    /// What `findMessages` says of the message under that id. Its statuses stand in `MessageUpdate`, unless the server was
    /// told not to keep them (`DATABASE_SAVE_MESSAGE_UPDATE`).
    static func state(of id: String, in answer: HTTPClient.Response) -> SentState {
        if answer.status == 429 { return .rateLimited }
        guard answer.status == 200 || answer.status == 201 else { return .unreachable }
        let state = try? JSON.read(answer.body) { root -> SentState? in
            guard let records = root["messages"]?["records"], records.isArray else { return nil }
            guard let record = records.items.first(where: { $0["key"]?["id"]?.string == id }) else { return .untold }
            guard let status = status(record) else { return .pending }
            return .told(status, error: status == .failed ? refusal : nil)
        }
        return (state ?? nil) ?? .unreachable
    }

    /// The furthest that WhatsApp has told of a message; nil: nothing.
    private static func status(_ record: JSONElement) -> DeliveryStatus? {
        let told = record["MessageUpdate"]?.items.compactMap { update in
            (update["status"]?.string).flatMap(DeliveryStatus.init(baileys:))
        }
        return .furthest(told ?? [])
    }

    private static func text(_ message: JSONElement?) -> String? {
        (message?["conversation"] ?? message?["extendedTextMessage"]?["text"])?.string
    }
}
