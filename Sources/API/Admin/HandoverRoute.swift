import Native
import Shared

/// `/api/v1/businesses/{id}/conversations/{contact}/handover`: `POST` takes a conversation from the bot, `DELETE` gives it
/// back, `GET` tells who has it.
@LoopActor struct HandoverRoute {
    let door: AdminDoor
    let queue: RedisQueue
    let businesses: @LoopActor () -> KnownBusinesses
    let log: Log

    /// The body may be empty, or `{"minutes": 1…525600}`; without minutes it is until the conversation is given back.
    func post(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse {
        await door.open(request) { () throws(APIError) in
            let (business, contact) = try conversation(words), minutes = try minutes(request)
            let handover = try await asked { () throws(QueueError) in
                try await queue.take(contact, of: business, for: minutes.map { .seconds($0 * 60) })
            }
            report(business, contact, "Conversation is taken over")
            return answer(business, contact, handover)
        }
    }

    func delete(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse {
        await door.open(request) { () throws(APIError) in
            let (business, contact) = try conversation(words)
            try await asked { () throws(QueueError) in try await queue.giveBack(contact, of: business) }
            report(business, contact, "Conversation is given back")
            return answer(business, contact, nil)
        }
    }

    func get(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse {
        await door.open(request) { () throws(APIError) in
            let (business, contact) = try conversation(words)
            let handover = try await asked { () throws(QueueError) in
                try await queue.handover(of: ConversationID(contact), TenantID(business))
            }
            return answer(business, contact, handover)
        }
    }

    private func conversation(_ words: PathWords) throws(APIError) -> (business: String, contact: String) {
        let business = words["business"], known = businesses()
        guard TenantName.isValid(business), !known.isLoaded || known.index[business] != nil else {
            throw APIError(status: 404, code: "not_found", message: "there is no such business")
        }
        guard let contact = ContactName.of(words["contact"]) else {
            throw .badRequest("the path's contact must be \(ContactName.rule)")
        }
        return (business, contact)
    }

    private func minutes(_ request: HTTPRequest) throws(APIError) -> Int? {
        if request.body.isEmpty { return nil }
        guard ContentType.isJSON(request.header("Content-Type")) else { throw .unsupportedMediaType }
        return try request.json { (root) throws(JSONError) in
            guard root.isObject else { throw .unexpected("the body must be an object") }
            guard let value = root["minutes"], !value.isNull else { return nil }
            guard let minutes = value.int, (1...525_600).contains(minutes) else {
                throw .unexpected("minutes must be a whole number from 1 to 525600")
            }
            return minutes
        }
    }

    private func asked<T>(_ body: @LoopActor () async throws(QueueError) -> T) async throws(APIError) -> T {
        do throws(QueueError) { return try await body() } catch { throw .serviceUnavailable }
    }

    private func answer(_ business: String, _ contact: String, _ handover: Handover?) -> HTTPResponse {
        var json = JSONWriter(reserving: 160)
        json.beginObject()
        json.field("business", business)
        json.field("contact", contact)
        handover.write(to: &json, now: .now())
        json.endObject()
        return .json(status: 200, body: json.bytes)
    }

    private func report(_ business: String, _ contact: String, _ message: StaticString) {
        log.info(.handover, message, [.business: .text(business), .conversation: .masked(contact)])
    }
}
