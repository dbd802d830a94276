/// An answer the server gives by itself, without asking the handler.
package enum HTTPRefusal: Equatable, Sendable {
    /// The reason is shown to the client, and must need no escapes in JSON.
    case malformed(String)
    case unknownEncoding
    case requestTimeout
    case bodyTooLarge(limit: Int)
    case headersTooLarge(limit: Int)
    case handlerFailed
    case overloaded(retryAfterSeconds: Int)

    var status: Int {
        switch self {
        case .malformed: 400
        case .requestTimeout: 408
        case .bodyTooLarge: 413
        case .headersTooLarge: 431
        case .handlerFailed: 500
        case .unknownEncoding: 501
        case .overloaded: 503
        }
    }

    /// The `error` of the body. Part of the interface: clients may compare it.
    var code: String {
        switch self {
        case .malformed: "bad_request"
        case .requestTimeout: "request_timeout"
        case .bodyTooLarge: "payload_too_large"
        case .headersTooLarge: "headers_too_large"
        case .handlerFailed: "internal_error"
        case .unknownEncoding: "not_implemented"
        case .overloaded: "overloaded"
        }
    }

    var message: String {
        switch self {
        case .malformed(let reason): reason
        case .requestTimeout: "The request took too long to arrive"
        case .bodyTooLarge(let limit): "The body may have \(limit) bytes at most"
        case .headersTooLarge(let limit): "Request line and headers may have \(limit) bytes at most"
        case .handlerFailed: "The answer could not be written"
        case .unknownEncoding: "The only transfer encoding known here is chunked"
        case .overloaded: "Too many requests at once"
        }
    }

    var response: HTTPResponse {
        var headers: [(String, String)] = []
        if case .overloaded(let seconds) = self { headers.append(("Retry-After", "\(seconds)")) }
        return .json(status: status, body: #"{"error":"\#(code)","message":"\#(message)"}"#, headers: headers)
    }

    /// The whole answer as it goes over the wire, for the moments when libmicrohttpd takes no response.
    var wireBytes: [UInt8] {
        let response = response
        var head = "HTTP/1.1 \(status) \(reason)\r\n"
        for (name, value) in response.headers { head += "\(name): \(value)\r\n" }
        head += "Content-Length: \(response.body.count)\r\nConnection: close\r\n\r\n"
        return Array(head.utf8) + response.body
    }

    private var reason: String {
        switch self {
        case .malformed: "Bad Request"
        case .requestTimeout: "Request Timeout"
        case .bodyTooLarge: "Content Too Large"
        case .headersTooLarge: "Request Header Fields Too Large"
        case .handlerFailed: "Internal Server Error"
        case .unknownEncoding: "Not Implemented"
        case .overloaded: "Service Unavailable"
        }
    }
}
