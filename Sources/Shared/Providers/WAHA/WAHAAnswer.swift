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
        case 422: return .refused(.providerDown(detail: code))
        case 429: return .refused(.rateLimited(retryAfter: answer.retryAfter ?? .seconds(5)))
        case 401, 403, 404: return .refused(.channel(code: code))
        case 400, 413: return .refused(.message(code: code))
        // Whatever the engine threw, before or after it sent.
        default: return .unknown(detail: code, isTimeout: answer.status == 504)
        }
    }

    /// Looks for our id or the text among the chat's newest messages.
    static func find(_ message: OutboundMessage, since: WallTime, in answer: HTTPClient.Response) -> OpenSend.Listing? {
        guard answer.status == 200 else { return nil }
        let listing = try? JSON.read(answer.body) { root -> OpenSend.Listing? in
            guard root.isArray else { return nil }
            var listing = OpenSend.Listing(found: nil, knowsChat: false)
            for one in root.items {
                listing.knowsChat = true
                guard one["fromMe"]?.bool == true, let id = stanza(one) else { continue }
                let isTheText =
                    one["body"]?.string == message.text && OpenSend.isSince(since, one["timestamp"])
                guard id == message.id || isTheText else { continue }
                listing.found = id
                break
            }
            return listing
        }
        return listing ?? nil
    }

    /// WhatsApp's own id of a message, as `message.ack` is read too: GOWS answers WAHA's id as text, WEBJS as an object,
    /// NOWEB the message of Baileys.
    private static func stanza(_ message: JSONElement) -> String? {
        let id = message["id"]
        let text = id?.string ?? id?["_serialized"]?.string ?? message["key"]?["id"]?.string ?? id?["id"]?.string
        return text.map(WAHAMessageID.stanza)
    }
}
