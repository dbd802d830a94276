import Native
import Shared

/// An answer other than success: `{"error":code,"message":…}`.
struct APIError: Error, Sendable {
    var status: Int
    /// For programs: the words of the documentation.
    var code: String
    /// For people: what was wrong and where; never a secret, never a received value.
    var message: String?
    var headers: [(String, String)] = []
    /// Whom the request may be for, and nobody here has heard of: ids of businesses, or aliases of addresses. Who they are
    /// is worth asking before it is refused.
    var unheardOf: [String] = []

    var response: HTTPResponse {
        var json = JSONWriter(reserving: 128)
        json.beginObject()
        json.field("error", code)
        json.field("message", ifPresent: message)
        json.endObject()
        return .json(status: status, body: json.bytes, headers: headers)
    }

    static let notFound = APIError(status: 404, code: "not_found", message: "there is nothing at this path")
    static let unauthorized = APIError(status: 401, code: "unauthorized")
    /// - Parameter unheardOf: whose own secret may prove the request.
    static func unauthorized(unheardOf: [String]) -> APIError {
        var error = unauthorized
        error.unheardOf = unheardOf
        return error
    }
    static let serviceUnavailable = APIError(
        status: 503, code: "service_unavailable", message: "Job queue temporarily unavailable",
        headers: [("Retry-After", "1")])
    /// A proof may be right for a business we have not read yet: it is our fault and not the sender's.
    static let businessesUnknown = APIError(
        status: 503, code: "service_unavailable", message: "Businesses are not known yet",
        headers: [("Retry-After", "2")])
    static let overloaded = APIError(
        status: 503, code: "overloaded", message: "The job queue is at its limit", headers: [("Retry-After", "5")])
    /// A queue at its limit is our trouble; one business or conversation at its own is theirs alone.
    static func full(_ bound: EnqueueResult.Bound) -> APIError {
        switch bound {
        case .lane, .memory: overloaded
        case .tenant, .group:
            APIError(
                status: 429, code: "too_many_messages",
                message: "too many messages of this \(bound.subject) are waiting",
                headers: [("Retry-After", "5")])
        }
    }

    static let unsupportedMediaType = APIError(
        status: 415, code: "unsupported_media_type", message: "send application/json")

    static func badRequest(_ message: String) -> APIError {
        APIError(status: 400, code: "bad_request", message: message)
    }
}

extension EnqueueResult.Bound {
    fileprivate var subject: String { self == .tenant ? "business" : "conversation" }
}
