import Native

/// What WAHA's answers mean. Source: the engines' `sendText` and the controllers of devlikeapro/waha.
@LoopActor enum WAHAAnswer {
    static func outcome(of answer: HTTPClient.Response) -> SendOutcome {
        let code = "waha_\(answer.status)"
        switch answer.status {
        case 200..<300:
            guard let id = (try? JSON.read(answer.body) { stanza($0) }) ?? nil else {
                return .unknown(detail: "waha answered \(answer.status) without an id", isTimeout: false)
            }
            return .sent(providerID: id)
        // The session is not WORKING.
        case 422: return .refused(.unable(detail: code))
        case 429: return .refused(.rateLimited(retryAfter: answer.retryAfter ?? .seconds(5)))
        case 401, 403, 404: return .refused(.channel(code: code))
        case 400, 413: return .refused(.message(code: code))
        // Whatever the engine threw, before or after it sent.
        default: return .unknown(detail: code, isTimeout: answer.status == 504)
        }
    }

    /// Messages that are asked for in a look-up.
    static let searchLimit = 50

    /// Looks for our id among the chat's newest messages; where the engine takes none, for the text, and passes over those
    /// that are known as others. The text under an id of its own on an engine that takes ids proves nothing: it is
    /// another's, unless WAHA is older than 2026.4.3 and passed ours over.
    static func find(
        _ message: OutboundMessage, since: WallTime, takesIDs: Bool, knowing known: KnownSends,
        in answer: HTTPClient.Response
    ) -> OpenSend.Listing? {
        guard answer.status == 200 else { return nil }
        let listing = try? JSON.read(answer.body) { root -> OpenSend.Listing? in
            guard root.isArray else { return nil }
            var listing = OpenSend.Listing(since: since)
            var count = 0, oldest: WallTime?
            for one in root.items {
                count += 1
                let at = OpenSend.time(one["timestamp"])
                if let at { oldest = min(oldest ?? at, at) }
                guard one["fromMe"]?.bool == true else { continue }
                let id = stanza(one)
                if let id, id == message.id {
                    listing.addOurs(id)
                    continue
                }
                guard one["body"]?.string == message.text else { continue }
                if let id, known.isAnothers(id, than: message) { continue }
                if takesIDs { listing.addDoubtful(at: at) } else { listing.addSame(id, at: at) }
            }
            listing.knowsChat = count > 0
            listing.close(count: count, limit: searchLimit, oldest: oldest)
            return listing
        }
        return listing ?? nil
    }

    /// Why a message failed, as far as it is told.
    static let refusal = "waha_ack_error"

    /// Whether the list has a message of ours that WhatsApp's server has.
    static func tellsAcknowledgements(_ answer: HTTPClient.Response) -> Bool {
        guard answer.status == 200 else { return false }
        let isTelling = try? JSON.read(answer.body) { root in
            root.items.contains { one in
                guard one["fromMe"]?.bool == true, let word = DeliveryStatus.wahaWord(one) else { return false }
                return DeliveryStatus(waha: word).map { $0 != .failed } ?? false
            }
        }
        return isTelling ?? false
    }

    /// What WAHA says of one message. An `ack` that is missing or `UNKNOWN`, as GOWS has it for most, tells nothing.
    static func state(of id: String, in answer: HTTPClient.Response) -> SentState {
        switch answer.status {
        case 200 where !answer.body.isEmpty: break
        case 200, 404: return .untold
        case 429: return .rateLimited
        default: return .unreachable
        }
        let state = try? JSON.read(answer.body) { message -> SentState in
            guard stanza(message) == id else { return .untold }
            guard let word = DeliveryStatus.wahaWord(message) else { return .untold }
            guard let status = DeliveryStatus(waha: word) else {
                return word == "PENDING" || word == "0" ? .pending : .untold
            }
            return .told(status, error: status == .failed ? refusal : nil)
        }
        return state ?? .unreachable
    }

    /// WhatsApp's own id of a message, as `message.ack` is read too: GOWS answers WAHA's id as text, WEBJS as an object,
    /// NOWEB the message of Baileys.
    private static func stanza(_ message: JSONElement) -> String? {
        let id = message["id"]
        let text = id?.string ?? id?["_serialized"]?.string ?? message["key"]?["id"]?.string ?? id?["id"]?.string
        return text.map(WAHAMessageID.stanza)
    }
}
