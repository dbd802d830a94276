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
        let code = code(answer)
        if code == nil, answer.status >= 500 {
            // Not Twilio's own words: something before it gave up, and what came of the call is not known.
            return .unknown(detail: "twilio_http_\(answer.status)", isTimeout: answer.status == 504)
        }
        return .refused(refusal(code: code ?? 0, answer))
    }

    private static func code(_ answer: HTTPClient.Response) -> Int? {
        (try? JSON.read(answer.body) { $0["code"]?.int }) ?? nil
    }

    /// Whether the same send may be tried again at once. A 429 was never processed; a 5xx with a code of Twilio's is its
    /// own fault.
    static func mayPass(_ answer: HTTPClient.Response) -> Bool {
        answer.status == 429 || answer.status >= 500 && code(answer) != nil
    }

    private static func refusal(code: Int, _ answer: HTTPClient.Response) -> SendRefusal {
        let name = code == 0 ? "twilio_http_\(answer.status)" : "twilio_\(code)"
        switch code {
        // By the second, of the number or the account. The others are full queues, and the limit of a day.
        case 20429, 63017, 63018: return .tooFast(retryAfter: answer.retryAfter ?? .seconds(1), of: .number)
        case 21611, 30001, 63038: return .rateLimited(retryAfter: answer.retryAfter ?? .seconds(5))
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

    /// What the Message resource says of one message. `date_updated` is when its status last changed.
    static func state(_ answer: HTTPClient.Response) -> SentState {
        switch answer.status {
        case 200:
            let state = try? JSON.read(answer.body) { root -> SentState? in
                guard let word = root["status"]?.string else { return nil }
                guard let status = DeliveryStatus(twilio: word) else { return .pending }
                let words = [root["error_code"]?.int.map(String.init), root["error_message"]?.string]
                let error = words.compactMap { $0 }.joined(separator: ": ")
                return .told(
                    status, error: status == .failed ? (error.isEmpty ? word : error) : nil,
                    at: root["date_updated"]?.string.flatMap(TwilioDate.read))
            }
            return (state ?? nil) ?? .unreachable
        // Of another account, or deleted.
        case 404: return .untold
        case 429: return .rateLimited
        default: return .unreachable
        }
    }

    /// Of a template Twilio tells what it came to, the template's own words included.
    private static func isText(_ body: String, of message: OutboundMessage) -> Bool {
        if body == message.text { return true }
        return message.needsTemplate.contains(.twilio) && body.contains(TemplateText.make(message.text))
    }

    /// Messages that are asked for in a look-up.
    static let searchLimit = 100

    /// Looks for the text among the newest messages to the recipient, and passes over those that are known as others.
    /// Twilio's list has a message as soon as there is one, so nothing is waited for.
    static func find(
        _ message: OutboundMessage, since: WallTime, knowing known: KnownSends, in answer: HTTPClient.Response
    ) -> LookUp {
        let listing = try? JSON.read(answer.body) { root -> OpenSend.Listing? in
            guard let messages = root["messages"], messages.isArray else { return nil }
            var listing = OpenSend.Listing(since: since)
            var count = 0, oldest: WallTime?
            for one in messages.items {
                count += 1
                let at = one["date_created"]?.string.flatMap(TwilioDate.read)
                if let at { oldest = min(oldest ?? at, at) }
                guard let body = one["body"]?.string, isText(body, of: message) else { continue }
                let sid = one["sid"]?.string
                if let sid, known.isAnothers(sid, than: message) { continue }
                let hasFailed = ["failed", "undelivered", "canceled"].contains(one["status"]?.string)
                listing.addSame(sid, at: at, hasFailed: hasFailed)
            }
            // Twilio keeps them all: none at all is an answer, too.
            listing.knowsChat = true
            listing.close(count: count, limit: searchLimit, oldest: oldest)
            return listing
        }
        switch OpenSend.judge(listing ?? nil, since: since, now: since, settleTime: .zero) {
        case .answer(let answer): return answer
        case .wait: return .unreachable
        }
    }
}
