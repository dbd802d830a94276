internal import CMicroHTTPD
internal import Glibc

/// A request's way through libmicrohttpd's handler, which is called for the headers, for each piece of the body, for
/// its end, and once more when a suspended connection is resumed.
extension HTTPServer {
    /// - Parameter data: a piece of the body, all of which is taken; empty for headers, end and resumption.
    func advance(
        _ exchange: HTTPExchange, method: UnsafePointer<CChar>, version: UnsafePointer<CChar>,
        data: UnsafeRawBufferPointer
    ) -> MHD_Result {
        switch exchange.state {
        case .receiving: break
        case .handling: return .YES
        case .answered(let response): return answer(exchange, response)
        }
        if !exchange.hasHeaders {
            exchange.hasHeaders = true
            if !exchange.connection.isRefused {
                // The only version without a Host header that clients still speak is HTTP/1.0.
                judgeHeaders(exchange, needsHost: unsafe strcmp(version, "HTTP/1.0") != 0)
            }
            return .YES
        }
        if exchange.connection.isRefused { return unsafe data.isEmpty ? .NO : .YES }
        if unsafe data.isEmpty { return unsafe handle(exchange, method: String(cString: method)) }
        if exchange.body.count + data.count > limits.bodyBytes {
            exchange.body = []
            exchange.connection.refuse(.bodyTooLarge(limit: limits.bodyBytes))
        } else {
            unsafe exchange.body.append(contentsOf: data)
        }
        return .YES
    }

    private func judgeHeaders(_ exchange: HTTPExchange, needsHost: Bool) {
        if unsafe cmhd_header_size(exchange.handle) > limits.headerBytes {
            exchange.connection.refuse(.headersTooLarge(limit: limits.headerBytes))
            return
        }
        if exchange.target.hasSpace {
            exchange.connection.refuse(.malformed("The request's target may not contain a space"))
            return
        }
        let framing = exchange.framing()
        if let refusal = framing.verdict(limit: limits.bodyBytes, needsHost: needsHost) {
            exchange.connection.refuse(refusal)
        } else if let length = framing.bodyLength, length > 0 {
            exchange.body.reserveCapacity(length)
        }
    }

    private func handle(_ exchange: HTTPExchange, method: String) -> MHD_Result {
        exchange.connection.enter(.answering)
        if requestsInFlight >= limits.requestsInFlight {
            let refusal = HTTPRefusal.overloaded(retryAfterSeconds: limits.retryAfterSeconds)
            return answer(exchange, refusal.response)
        }
        let request = unsafe HTTPRequest(
            method: method, target: exchange.target, body: exchange.body, connection: exchange.handle)
        exchange.body = []
        exchange.request = request
        exchange.state = .handling
        requestsInFlight += 1
        unsafe MHD_suspend_connection(exchange.handle)
        loop.spawn { [self] in
            let response = await handler(request)
            requestsInFlight -= 1
            finish(exchange, response)
        }
        return .YES
    }

    private func finish(_ exchange: HTTPExchange, _ response: HTTPResponse?) {
        // Given up meanwhile: nobody waits for the answer.
        guard case .handling = exchange.state else { return }
        exchange.state = .answered(response)
        // From here on libmicrohttpd may free what the request looks things up in, also while the handler still runs.
        exchange.request?.end()
        exchange.request = nil
        unsafe MHD_resume_connection(exchange.handle)
        planPump()
    }

    /// Ends a request whose handler still runs.
    func giveUp(_ exchange: HTTPExchange) { finish(exchange, nil) }

    private func answer(_ exchange: HTTPExchange, _ response: HTTPResponse?) -> MHD_Result {
        guard let response, response.status != 0 else { return .NO }
        guard let made = unsafe makeResponse(response) else {
            guard let substitute = unsafe makeResponse(HTTPRefusal.handlerFailed.response) else { return .NO }
            return unsafe queue(substitute, status: HTTPRefusal.handlerFailed.status, exchange)
        }
        return unsafe queue(made, status: response.status, exchange)
    }

    /// Takes ownership of `response`.
    private func queue(_ response: OpaquePointer, status: Int, _ exchange: HTTPExchange) -> MHD_Result {
        if isDraining { unsafe MHD_add_response_header(response, "Connection", "close") }
        let result = unsafe MHD_queue_response(exchange.handle, UInt32(clamping: status), response)
        unsafe MHD_destroy_response(response)
        return result
    }

    /// - Returns: a response that the caller owns, or null when a header is refused or memory is short.
    private func makeResponse(_ response: HTTPResponse) -> OpaquePointer? {
        // Copied: the bytes live longer than this call, and sharing them would cost an object for each answer.
        let made = unsafe response.body.withUnsafeBytes { bytes in
            let start = unsafe UnsafeMutableRawPointer(mutating: bytes.baseAddress)
            return unsafe MHD_create_response_from_buffer(bytes.count, start, .RESPMEM_MUST_COPY)
        }
        guard let made = unsafe made else { return nil }
        for (name, value) in response.headers where unsafe MHD_add_response_header(made, name, value) != .YES {
            unsafe MHD_destroy_response(made)
            return nil
        }
        return unsafe made
    }
}

extension HTTPExchange {
    /// What all headers together say about the body.
    fileprivate func framing() -> RequestFraming {
        var framing = RequestFraming()
        unsafe withUnsafeMutablePointer(to: &framing) { framing in
            _ = unsafe MHD_get_connection_values_n(
                handle, .HEADER_KIND,
                { framing, _, name, nameSize, value, valueSize in
                    let framing = unsafe framing!.assumingMemoryBound(to: RequestFraming.self)
                    unsafe framing.pointee.field(
                        name: UnsafeRawBufferPointer(start: name, count: nameSize),
                        value: UnsafeRawBufferPointer(start: value, count: value == nil ? 0 : valueSize))
                    return .YES
                }, framing)
        }
        return framing
    }
}
