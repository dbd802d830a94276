internal import CMicroHTTPD

/// A response as libmicrohttpd has it. It may be the answer to many requests.
@safe @LoopActor final class HTTPAnswer {
    /// Bytes of a body that is worth keeping: the usual answers have some fifty.
    static let mostKept = 1024

    let response: HTTPResponse
    /// Owned here, and by libmicrohttpd as well while it is sent.
    let made: OpaquePointer

    /// - Parameter closes: whether the connection ends with it.
    /// - Returns: nil when a header is refused or memory is short.
    init?(_ response: HTTPResponse, closes: Bool) {
        let made = unsafe response.body.withUnsafeBytes { bytes in
            let start = unsafe UnsafeMutableRawPointer(mutating: bytes.baseAddress)
            // Copied, because it may be sent for longer than this object lives.
            return unsafe MHD_create_response_from_buffer(bytes.count, start, .RESPMEM_MUST_COPY)
        }
        guard let made = unsafe made else { return nil }
        self.response = response
        unsafe self.made = made
        if closes, !add("Connection", "close") { return nil }
        for (name, value) in response.headers where !add(name, value) { return nil }
    }

    private func add(_ name: String, _ value: String) -> Bool {
        unsafe name.withCString { name in
            unsafe value.withCString { value in unsafe MHD_add_response_header(made, name, value) == .YES }
        }
    }

    isolated deinit { unsafe MHD_destroy_response(made) }
}
