import Native

/// What the gateway's answers mean. One place for the contract's states and statuses.
@LoopActor enum GatewayAnswer {
    static func canSend(_ answer: HTTPClient.Response) -> Bool {
        guard answer.status == 200 else { return false }
        return (try? JSON.read(answer.body) { $0["canSend"]?.bool ?? false }) ?? false
    }

    static func outcome(of answer: HTTPClient.Response) -> SendOutcome {
        switch answer.status {
        case 200..<300:
            guard let providerID = field("messageId", answer) else {
                return .unknown(detail: "gateway answered 200 without messageId", isTimeout: false)
            }
            return .sent(providerID: providerID)
        case 409: return .refused(.unable(detail: "gateway_cannot_send"))
        case 429: return .refused(.rateLimited(retryAfter: answer.retryAfter ?? .seconds(5)))
        case 504: return .unknown(detail: "gateway_timeout", isTimeout: true)
        // WhatsApp's own refusal: never tried again there, least of all 463.
        case 422: return .refused(.message(code: field("code", answer).map { "whatsapp_\($0)" } ?? "gateway_422"))
        case 400, 413: return .refused(.message(code: "gateway_\(answer.status)"))
        case 401, 403: return .refused(.channel(code: "gateway_\(answer.status)"))
        case 404: return .refused(.providerDown(detail: "gateway_404"))
        default: return .unknown(detail: "gateway_\(answer.status)", isTimeout: false)
        }
    }

    /// The gateway's clock may be behind ours by as much.
    private static let clockSkew: Duration = .seconds(5)

    /// That a gateway has never seen an id proves something only of the time that it remembers.
    ///
    /// - Parameter since: when the send was first tried.
    static func lookUp(_ answer: HTTPClient.Response, id: String, since: WallTime) -> LookUp {
        if answer.status == 404 {
            let start = (try? JSON.read(answer.body) { $0["remembersSince"]?.int }) ?? nil
            let hasForgotten = start.map {
                Int64($0) + Int64(clockSkew.milliseconds) > since.milliseconds
            }
            return hasForgotten ?? false ? .forgotten : .notSent
        }
        guard answer.status == 200 else { return .unreachable }
        switch field("state", answer) {
        case "sent": return .sent(providerID: field("messageId", answer) ?? id)
        case "sending": return .sending
        case "failed": return .notSent
        default: return .unreachable
        }
    }

    /// The gateway tells what WhatsApp's server said; what came after that, it tells by its receipts only.
    static func state(_ answer: HTTPClient.Response) -> SentState {
        switch answer.status {
        case 200: break
        // Never seen, or forgotten.
        case 404: return .untold
        case 429: return .rateLimited
        default: return .unreachable
        }
        switch field("state", answer) {
        case "sent": return .told(.sent)
        case "sending": return .pending
        case "failed": return .told(.failed, error: field("code", answer) ?? "refused")
        default: return .unreachable
        }
    }

    private static func field(_ name: StaticString, _ answer: HTTPClient.Response) -> String? {
        (try? JSON.read(answer.body) { $0[name]?.string }) ?? nil
    }
}
