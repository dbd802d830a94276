internal import CMicroHTTPD

/// A response as libmicrohttpd has it. It may be the answer to many requests.
@safe @LoopActor final class HTTPAnswer {
    /// Bytes of a body that is worth keeping: the usual answers have some fifty.
    static let mostKept = 1024

    let response: HTTPResponse
    /// The `MHD_Response`. Owned here, and by libmicrohttpd as well while it is sent.
    let handle: OpaquePointer

    /// - Parameter closes: whether the connection ends with it.
    /// - Returns: nil when a header is refused or memory is short.
    init?(_ response: HTTPResponse, closes: Bool) {
        let handle = unsafe response.body.withUnsafeBytes { bytes in
            let start = unsafe UnsafeMutableRawPointer(mutating: bytes.baseAddress)
            // Copied, because it may be sent for longer than this object lives.
            return unsafe MHD_create_response_from_buffer(bytes.count, start, .RESPMEM_MUST_COPY)
        }
        guard let handle = unsafe handle else { return nil }
        self.response = response
        unsafe self.handle = handle
        if closes, !add("Connection", "close") { return nil }
        for (name, value) in response.headers where !add(name, value) { return nil }
    }

    private func add(_ name: String, _ value: String) -> Bool {
        unsafe name.withCString { name in
            unsafe value.withCString { value in unsafe MHD_add_response_header(handle, name, value) == .YES }
        }
    }

    isolated deinit { unsafe MHD_destroy_response(handle) }
}
