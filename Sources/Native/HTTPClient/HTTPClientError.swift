internal import CLibCurl

/// Why a call has no answer, sorted by what the caller may do: after `notSent`, `refusedAddress` and `invalidURL` the
/// server has surely not seen the request; after the others it may have acted on it.
package enum HTTPClientError: Error, Equatable, Sendable {
    /// No name, no connection, no TLS, or the time was up before the first byte was sent.
    case notSent(String)
    /// The time was up after the request was sent, in part or wholly.
    case timedOut
    /// The connection was lost, or the answer was no HTTP, after the request was sent, in part or wholly.
    case broken(String)
    /// The address is a private or local one, and the request does not allow that.
    case refusedAddress(String)
    /// The body of the answer is longer than the request allows. The server has acted on the request.
    case responseTooLarge(limit: Int)
    /// No URL that could be called, or a method or header that would break the message.
    case invalidURL(String)
    /// The task was cancelled, or the client closed.
    case cancelled
}

extension HTTPClientError {
    /// What became of a transfer that libcurl gave up.
    ///
    /// - Parameters:
    ///   - wasSent: whether any byte of the request was written. Decides, whatever the code: libcurl may have tried
    ///     a second connection after it wrote to the first.
    init(_ code: CURLcode, wasSent: Bool, detail: String) {
        switch code {
        case CURLE_URL_MALFORMAT where !wasSent, CURLE_UNSUPPORTED_PROTOCOL where !wasSent:
            self = .invalidURL(detail)
        case CURLE_OPERATION_TIMEDOUT where wasSent: self = .timedOut
        default: self = wasSent ? .broken(detail) : .notSent(detail)
        }
    }
}
