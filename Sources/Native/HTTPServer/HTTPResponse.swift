/// What a handler answers. `Content-Length`, `Date` and `Connection` are the server's.
package struct HTTPResponse: Sendable {
    /// 200...599, or 0 for `closed`.
    package var status: Int
    /// A name or a value that would break the message (a line feed, say) turns the answer into a 500.
    package var headers: [(String, String)]
    package var body: [UInt8]

    package init(status: Int, headers: [(String, String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// - Parameter body: a complete JSON text.
    package static func json(
        status: Int = 200, body: [UInt8], headers: [(String, String)] = []
    ) -> HTTPResponse {
        HTTPResponse(status: status, headers: [("Content-Type", "application/json")] + headers, body: body)
    }

    /// - Parameter body: a complete JSON text.
    package static func json(
        status: Int = 200, body: String, headers: [(String, String)] = []
    ) -> HTTPResponse {
        json(status: status, body: Array(body.utf8), headers: headers)
    }

    /// No answer: the connection is closed. For stand-ins that fail on purpose.
    package static let closed = HTTPResponse(status: 0)

    package static func text(_ text: String, status: Int = 200) -> HTTPResponse {
        HTTPResponse(
            status: status, headers: [("Content-Type", "text/plain; charset=utf-8")], body: Array(text.utf8))
    }
}

extension HTTPResponse: Equatable {
    package static func == (a: HTTPResponse, b: HTTPResponse) -> Bool {
        a.status == b.status && a.body == b.body && a.headers.elementsEqual(b.headers, by: ==)
    }
}
