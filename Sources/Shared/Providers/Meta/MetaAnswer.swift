import Native

/// What Meta's answers mean. The code decides, not the HTTP status or the title. Codes: Meta's "Cloud API error codes".
@LoopActor enum MetaAnswer {
    static func outcome(of answer: HTTPClient.Response) -> SendOutcome {
        if (200..<300).contains(answer.status) {
            guard let id = (try? JSON.read(answer.body) { $0["messages"]?.items.first?["id"]?.string }) ?? nil else {
                return .unknown(detail: "meta answered \(answer.status) without an id", isTimeout: false)
            }
            return .sent(providerID: id)
        }
        guard let code = code(answer) else {
            // Not the API's own words: something before it gave up, and what came of the call is not known.
            return answer.status >= 500
                ? .unknown(detail: "meta_http_\(answer.status)", isTimeout: false)
                : .refused(refusal(withoutCode: answer))
        }
        guard let refusal = refusal(code, answer) else {
            return .unknown(detail: "meta_\(code)", isTimeout: false)
        }
        return .refused(refusal)
    }

    /// Whether the same send may be tried again at once: it surely was not made, and may be in a moment.
    static func mayPass(_ answer: HTTPClient.Response) -> Bool {
        guard answer.status >= 400, case .refused(let refusal) = outcome(of: answer) else { return false }
        switch refusal {
        case .providerDown: return true
        // A pair's limit takes longer, and is waited for outside.
        case .tooFast(_, let limit): return limit == .number
        case .rateLimited: return code(answer) != nil
        case .unable, .message, .contact, .channel: return false
        }
    }

    /// Too many messages to this one contact: about one in six seconds is allowed.
    private static let pairLimit = 131056

    private static func code(_ answer: HTTPClient.Response) -> Int? {
        (try? JSON.read(answer.body) { $0["error"]?["code"]?.int }) ?? nil
    }

    /// nil when it may have been sent: Meta gave up over it, for a reason that is not known to come before the send.
    private static func refusal(_ code: Int, _ answer: HTTPClient.Response) -> SendRefusal? {
        let name = "meta_\(code)"
        switch code {
        // By the second: 80 messages, as a rule.
        case 130429: return .tooFast(retryAfter: answer.retryAfter ?? .seconds(1), of: .number)
        case pairLimit: return .tooFast(retryAfter: answer.retryAfter ?? .seconds(6), of: .pair)
        case 4, 80007, 131048: return .rateLimited(retryAfter: answer.retryAfter ?? .seconds(5))
        case 1, 2, 131000, 131016, 131057, 131064, 133016: return .providerDown(detail: name)
        case 131021, 131030, 131050, 137000: return .contact(code: name)
        case 0, 3, 10, 190, 200...299, 368, 131031, 131037, 131042, 131045, 130497: return .channel(code: name)
        // The form must change (131047, templates), the kind is not taken, or the call was wrong (33, 100).
        case 33, 100, 130472, 131008, 131009, 131026, 131047, 131049, 131051, 131052, 131053, 131062,
            132000...132016:
            return .message(code: name)
        default: break
        }
        switch answer.status {
        case 429: return .rateLimited(retryAfter: answer.retryAfter ?? .seconds(5))
        case 401, 403: return .channel(code: name)
        case 500...: return nil
        default: return .message(code: name)
        }
    }

    private static func refusal(withoutCode answer: HTTPClient.Response) -> SendRefusal {
        let name = "meta_http_\(answer.status)"
        switch answer.status {
        case 429: return .rateLimited(retryAfter: answer.retryAfter ?? .seconds(5))
        case 401, 403: return .channel(code: name)
        default: return .message(code: name)
        }
    }
}
