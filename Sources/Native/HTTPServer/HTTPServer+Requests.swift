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
                let head = unsafe RequestHead(
                    method: strlen(method), target: exchange.target.byteCount, version: strlen(version))
                judgeHeaders(exchange, head, needsHost: unsafe strcmp(version, "HTTP/1.0") != 0)
            }
            return .YES
        }
        if exchange.connection.isRefused { return unsafe data.isEmpty ? .NO : .YES }
        if unsafe data.isEmpty { return unsafe handle(exchange, method: String(cString: method)) }
        pieces += 1
        if exchange.isChunked { exchange.notePiece() }
        if exchange.body.count + data.count > limits.bodyBytes {
            drop(exchange, .bodyTooLarge(limit: limits.bodyBytes))
        } else if makeRoom(for: data.count, of: exchange) {
            bodyBytes += data.count
            unsafe exchange.body.append(contentsOf: data)
        }
        return .YES
    }

    /// False when there is none, and the request is refused.
    private func makeRoom(for bytes: Int, of exchange: HTTPExchange) -> Bool {
        while bodyBytes + bytes > limits.bodyBytesAtOnce {
            let victim = connections.slowestBody(besides: exchange.connection)?.exchange ?? exchange
            drop(victim, .overloaded(retryAfterSeconds: limits.retryAfterSeconds))
            if victim === exchange { return false }
        }
        return true
    }

    func drop(_ exchange: HTTPExchange, _ refusal: HTTPRefusal) {
        forget(exchange)
        exchange.body = []
        exchange.connection.refuse(refusal)
    }

    /// The body of a request that is not with the handler will not be used.
    func forget(_ exchange: HTTPExchange?) {
        guard let exchange else { return }
        bodyBytes -= exchange.body.count
        endChunks(exchange)
    }

    private func endChunks(_ exchange: HTTPExchange) {
        if exchange.isChunked { chunked.removeAll { $0 === exchange } }
        exchange.isChunked = false
    }

    private func judgeHeaders(_ exchange: HTTPExchange, _ head: RequestHead, needsHost: Bool) {
        let size = unsafe cmhd_header_size(exchange.handle)
        if size > limits.headerBytes {
            exchange.connection.refuse(.headersTooLarge(limit: limits.headerBytes))
            return
        }
        if !exchange.target.isWellFormed {
            exchange.connection.refuse(.malformed("The request's target must be a path in printable ASCII"))
            return
        }
        let (framing, whole) = exchange.framing(head)
        exchange.mayRepeatHeaders = framing.mayRepeat
        if !whole.isWhole(read: size) {
            exchange.connection.refuse(.malformed("Lines end in CR LF, hold no NUL, and are not folded"))
        } else if let refusal = framing.verdict(limit: limits.bodyBytes, needsHost: needsHost) {
            exchange.connection.refuse(refusal)
        } else if framing.bodyLength == nil {
            exchange.isChunked = true
            exchange.notePiece()
            chunked.append(exchange)
        } else if let length = framing.bodyLength, length > 0 {
            // What was only promised takes no memory.
            exchange.body.reserveCapacity(min(length, 64 << 10))
        }
    }

    private func handle(_ exchange: HTTPExchange, method: String) -> MHD_Result {
        exchange.connection.enter(.answering)
        endChunks(exchange)
        if requestsInFlight >= limits.requestsInFlight {
            let refusal = HTTPRefusal.overloaded(retryAfterSeconds: limits.retryAfterSeconds)
            return answer(exchange, refusal.response)
        }
        let request = unsafe HTTPRequest(
            method: method, target: exchange.target, body: exchange.body, connection: exchange.handle,
            mayRepeatHeaders: exchange.mayRepeatHeaders)
        exchange.body = []
        exchange.request = request
        exchange.state = .handling
        requestsInFlight += 1
        unsafe MHD_suspend_connection(exchange.handle)
        loop.spawn { [self] in
            let response = await handler(request)
            requestsInFlight -= 1
            bodyBytes -= request.body.count
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
        guard let made = made(response) ?? made(HTTPRefusal.handlerFailed.response) else { return .NO }
        return unsafe MHD_queue_response(exchange.handle, UInt32(clamping: made.response.status), made.handle)
    }

    /// The answer before this one if it was the same, as it is for nearly every webhook.
    private func made(_ response: HTTPResponse) -> HTTPAnswer? {
        if isDraining { return HTTPAnswer(response, closes: true) }
        if let lastAnswer, lastAnswer.response == response { return lastAnswer }
        guard let answer = HTTPAnswer(response, closes: false) else { return nil }
        lastAnswer = response.body.count <= HTTPAnswer.mostKept ? answer : nil
        return answer
    }
}

extension HTTPExchange {
    /// What all headers together say about the body, and how they were written.
    fileprivate func framing(_ head: RequestHead) -> (RequestFraming, RequestHead) {
        var judges = (RequestFraming(), head)
        unsafe withUnsafeMutablePointer(to: &judges) { judges in
            _ = unsafe MHD_get_connection_values_n(
                handle, .HEADER_KIND,
                { judges, _, name, nameSize, value, valueSize in
                    let judges = unsafe judges!.assumingMemoryBound(to: (RequestFraming, RequestHead).self)
                    let name = unsafe UnsafeRawBufferPointer(start: name, count: nameSize)
                    let value = unsafe UnsafeRawBufferPointer(start: value, count: value == nil ? 0 : valueSize)
                    unsafe judges.pointee.0.field(name: name, value: value)
                    unsafe judges.pointee.1.field(name: name, value: value)
                    return .YES
                }, judges)
        }
        return judges
    }
}
