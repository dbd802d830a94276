/// Why the AI gave no answer, sorted by what to do about it.
enum AIError: Error, Equatable, Sendable {
    /// Busy, broken or out of reach: worth another try, not before `retryAfter`.
    case transient(String, retryAfter: Duration?)
    /// Another try would end the same: wrong key, no money, a request it refuses.
    case permanent(String)
    case cancelled

    /// For logs and rows.
    var detail: String {
        switch self {
        case .transient(let detail, _), .permanent(let detail): detail
        case .cancelled: "cancelled"
        }
    }
}
