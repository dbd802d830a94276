import Native
import Shared

/// Why one request to the AI brought no answer, sorted by whose fault it is.
enum ChatFault: Error, Equatable, Sendable {
    /// The server asks for time: it works.
    case busy(String, retryAfter: Duration?)
    /// The server is broken or out of reach.
    case broken(String, retryAfter: Duration?)
    /// The key is wrong, or there is no money: every request would end the same.
    case account(String)
    /// This request would end the same again.
    case refused(String)
    /// The server answered, with nothing to say. Another try may bring more.
    case empty(String)
    case cancelled

    /// What it says of the server.
    var outcome: Circuit.Outcome {
        switch self {
        case .broken: .failure
        case .account: .fatal
        case .refused, .empty: .success
        case .busy, .cancelled: .nothing
        }
    }

    var error: AIError {
        switch self {
        case .busy(let detail, let wait), .broken(let detail, let wait): .transient(detail, retryAfter: wait)
        case .empty(let detail): .transient(detail, retryAfter: nil)
        case .account(let detail), .refused(let detail): .permanent(detail)
        case .cancelled: .cancelled
        }
    }

    init(_ error: HTTPClientError) {
        switch error {
        case .notSent(let detail), .broken(let detail): self = .broken(detail, retryAfter: nil)
        case .timedOut: self = .broken("timeout", retryAfter: nil)
        case .responseTooLarge(let limit): self = .refused("answer over \(limit) bytes")
        case .invalidURL: self = .refused("the AI's URL, or a header for it, cannot be used")
        case .refusedAddress(let address): self = .refused("address \(address) is not allowed")
        case .cancelled: self = .cancelled
        }
    }

    init(_ error: ChatErrorBody, status: Int, retryAfter: Duration?) {
        let detail = "http \(status)" + (error.word.map { " \($0)" } ?? "") + (error.parameter.map { " \($0)" } ?? "")
        if !error.words.isDisjoint(with: Self.accountWords) {
            self = .account(detail)
            return
        }
        switch status {
        case 401, 402: self = .account(detail)
        // Without an error of the API's it may be a firewall that dislikes this one text.
        case 403 where error.isThere && error.words.isDisjoint(with: Self.requestWords): self = .account(detail)
        case 408, 409, 425, 429, 529: self = .busy(detail, retryAfter: retryAfter)
        case 500...: self = .broken(detail, retryAfter: retryAfter)
        default: self = .refused(detail)
        }
    }

    /// Sources: OpenAI's "Error codes", Azure OpenAI's REST reference, LiteLLM's "Exception mapping".
    private static let accountWords: Set<String> = [
        "insufficient_quota", "credit_balance_exhausted", "billing_hard_limit_reached", "billing_not_active",
        "invalid_api_key", "account_deactivated", "budget_exceeded", "authentication_error",
    ]

    /// A 403 for what was asked, not for who asks.
    private static let requestWords: Set<String> = [
        "model_not_found", "content_filter", "content_policy_violation", "moderation",
    ]
}
