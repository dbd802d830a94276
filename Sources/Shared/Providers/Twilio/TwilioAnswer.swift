import Native

/// What Twilio's answers mean. Codes: Twilio's error pages.
@LoopActor enum TwilioAnswer {
    static func outcome(of answer: HTTPClient.Response) -> SendOutcome {
        if (200..<300).contains(answer.status) {
            guard let sid = (try? JSON.read(answer.body) { $0["sid"]?.string }) ?? nil else {
                return .unknown(detail: "twilio answered \(answer.status) without sid", isTimeout: false)
            }
            return .sent(providerID: sid)
        }
        let code = (try? JSON.read(answer.body) { $0["code"]?.int }) ?? nil
        return .refused(refusal(code: code ?? 0, answer))
    }

    /// How long to wait before the same send is tried again; nil when that would not help. A 429 was never
    /// processed; a 5xx is Twilio's own fault.
    static func wait(_ answer: HTTPClient.Response, attempt: Int) -> Duration? {
        guard answer.status == 429 || answer.status >= 500 else { return nil }
        let wait = answer.retryAfter ?? .milliseconds(250 << attempt)
        return wait <= .seconds(5) ? wait : nil
    }

    private static func refusal(code: Int, _ answer: HTTPClient.Response) -> SendRefusal {
        let name = code == 0 ? "twilio_http_\(answer.status)" : "twilio_\(code)"
        switch code {
        case 20429, 63018, 63017, 63038, 21611, 30001:
            return .rateLimited(retryAfter: answer.retryAfter ?? .seconds(5))
        case 20003, 63007, 63008: return .channel(code: name)
        case 21610, 63014, 21211, 63003, 63024, 63015: return .contact(code: name)
        default: break
        }
        switch answer.status {
        case 429: return .rateLimited(retryAfter: answer.retryAfter ?? .seconds(5))
        case 401, 403: return .channel(code: name)
        case 500...: return .providerDown(detail: name)
        default: return .message(code: name)
        }
    }

    /// Looks for the text among the recipient's messages. Twilio lists the newest first.
    static func find(_ message: OutboundMessage, since: WallTime, in answer: HTTPClient.Response) -> LookUp {
        let found = try? JSON.read(answer.body) { root -> LookUp? in
            guard let messages = root["messages"], messages.isArray else { return nil }
            for one in messages.items where one["body"]?.string == message.text {
                guard let sid = one["sid"]?.string else { continue }
                if let date = one["date_created"]?.string.flatMap(TwilioDate.read), date < since { continue }
                return ["failed", "undelivered", "canceled"].contains(one["status"]?.string)
                    ? .notSent : .sent(providerID: sid)
            }
            return .notSent
        }
        return (found ?? nil) ?? .unreachable
    }
}
