extension HTTPClient {
    /// One request to be sent. `http` and `https` only; redirects are not followed.
    package struct Request: Sendable {
        package var method: String
        package var url: String
        /// Sent as they are. `Content-Length`, `Host` and `Connection` are the client's own.
        package var headers: [(String, String)]
        package var body: [UInt8]
        /// Sent as `multipart/form-data` in place of `body`, by POST. Empty: `body` is sent.
        package var form: [FormPart] = []
        /// From the call to the last byte of the answer. 1 ms and up.
        package var timeout: Duration
        /// For looking up the name, the connection and TLS together, within `timeout`.
        package var connectTimeout: Duration
        /// Longest body of an answer. Past it the call fails.
        package var maxResponseBytes: Int
        /// Whether the target may be a loopback or private address. Off for every URL that comes from outside: it
        /// could point at our own machines (server-side request forgery). Judged on the address that is connected
        /// to, so a name that resolves to such an address is refused too.
        package var allowsPrivateAddresses: Bool
        /// Whether the server may get it twice: libcurl sends it again when a kept connection ends without an answer. What
        /// only asks may always be repeated.
        package var mayBeRepeated = false

        /// Whether it is a GET or HEAD without a body, which changes nothing at the server (RFC 9110, section 9.2.1).
        var isAsking: Bool { (method == "GET" || method == "HEAD") && body.isEmpty && form.isEmpty }

        package init(
            method: String = "GET", url: String, headers: [(String, String)] = [], body: [UInt8] = [],
            timeout: Duration = .seconds(30), connectTimeout: Duration = .seconds(5),
            maxResponseBytes: Int = 8 << 20, allowsPrivateAddresses: Bool = false
        ) {
            self.method = method
            self.url = url
            self.headers = headers
            self.body = body
            self.timeout = timeout
            self.connectTimeout = connectTimeout
            self.maxResponseBytes = maxResponseBytes
            self.allowsPrivateAddresses = allowsPrivateAddresses
        }
    }
}
