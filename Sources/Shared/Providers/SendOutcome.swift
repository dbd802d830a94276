/// How one send ended, sorted by what to do about it.
package enum SendOutcome: Equatable, Sendable {
    /// The provider took it. `providerID` is the provider's own id of the message.
    case sent(providerID: String)
    /// Surely not sent.
    case refused(SendRefusal)
    /// May have been sent. A time limit that ran out may be tried again under the same id where ids are kept.
    case unknown(detail: String, isTimeout: Bool)
}

/// Why a message was surely not sent.
package enum SendRefusal: Equatable, Sendable {
    /// The provider is at fault or out of reach: another may do better, and so may this one later.
    case providerDown(detail: String)
    /// The provider works, and the business's number cannot send through it now.
    case unable(detail: String)
    /// The provider asks us to slow down.
    case rateLimited(retryAfter: Duration)
    /// Sent faster than is allowed: the same goes through in a moment.
    case tooFast(retryAfter: Duration, of: RateLimit)
    /// This provider will not take this message; another may.
    case message(code: String)
    /// No provider will reach this contact.
    case contact(code: String)
    /// The account cannot send at all until somebody mends it.
    case channel(code: String)

    /// For logs and rows: no text of a message, no secret.
    package var code: String {
        switch self {
        case .providerDown(let detail), .unable(let detail): detail
        case .rateLimited: "rate_limited"
        case .tooFast(_, .pair): "pair_rate_limited"
        case .tooFast(_, .number): "number_rate_limited"
        case .message(let code), .contact(let code), .channel(let code): code
        }
    }
}

/// Whose messages are limited.
package enum RateLimit: Equatable, Sendable {
    /// Those to one contact.
    case pair
    /// All that go out from the business's number.
    case number
}

/// What a provider says of an id it was asked about.
package enum LookUp: Equatable, Sendable {
    case sent(providerID: String)
    /// Neither sent nor being sent.
    case notSent
    /// Still on its way out: neither repeat nor fail over.
    case sending
    /// The provider has lost what it knew of that time: nobody can tell whether it was sent.
    case forgotten
    /// The provider could not be asked.
    case unreachable
}
