import Native

extension SendOutcome {
    /// What an HTTP call that brought no answer says of the message.
    init(_ error: HTTPClientError) {
        switch error {
        case .notSent(let detail): self = .refused(.providerDown(detail: detail))
        case .refusedAddress(let address): self = .refused(.channel(code: "refused_address \(address)"))
        case .invalidURL(let url): self = .refused(.channel(code: "invalid_url \(url)"))
        case .timedOut: self = .unknown(detail: "timeout", isTimeout: true)
        case .broken(let detail): self = .unknown(detail: detail, isTimeout: false)
        case .responseTooLarge: self = .unknown(detail: "answer too large", isTimeout: false)
        case .cancelled: self = .unknown(detail: "cancelled", isTimeout: false)
        }
    }
}

extension SendAbility {
    /// - Parameter answer: to the question for the number's state; nil when there was none.
    init(_ isAble: Bool, answer: HTTPClient.Response?) {
        self = isAble ? .able : answer.map { $0.status >= 500 } ?? true ? .silent : .unable
    }
}

extension HTTPClient.Response {
    /// The time that `Retry-After` asks for, at most five minutes.
    package var retryAfter: Duration? { header("Retry-After").flatMap { RetryAfter.wait($0, now: .now()) } }
}
