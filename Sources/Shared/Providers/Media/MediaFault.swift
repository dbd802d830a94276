import Native

/// Why a voice message or picture could not be fetched, sorted by what to do about it.
package enum MediaFault: Error, Equatable, Sendable {
    /// Out of reach, broken or busy: worth another try.
    case unavailable(String)
    /// Another try would end the same.
    case refused(String)
    case cancelled

    /// For logs. Never a received value.
    package var detail: String {
        switch self {
        case .unavailable(let detail), .refused(let detail): detail
        case .cancelled: "cancelled"
        }
    }

    package init(_ error: HTTPClientError) {
        switch error {
        case .notSent(let detail), .broken(let detail): self = .unavailable(detail)
        case .timedOut: self = .unavailable("timeout")
        case .refusedAddress: self = .refused("its host has a private address")
        case .responseTooLarge(let limit): self = .refused("over \(limit) bytes")
        case .invalidURL: self = .refused("its place is no URL")
        case .cancelled: self = .cancelled
        }
    }

    /// - Parameter status: of an answer that is no success.
    package init(status: Int) {
        switch status {
        case 408, 425, 429, 500...: self = .unavailable("http \(status)")
        default: self = .refused("http \(status)")
        }
    }
}
