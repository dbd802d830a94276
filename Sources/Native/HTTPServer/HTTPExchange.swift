/// One request on its way through the server: its body as it arrives, then the answer. Lives as long as
/// libmicrohttpd works on the request, or longer while its handler runs.
@safe @LoopActor final class HTTPExchange {
    enum State {
        /// The request line was read, and maybe headers and body.
        case receiving
        /// With the handler; libmicrohttpd has suspended the connection.
        case handling
        /// Answered by the handler, or given up by the server (nil). libmicrohttpd is about to ask again.
        case answered(HTTPResponse?)
    }

    let target: HTTPRequestTarget
    let connection: HTTPConnection
    /// The `MHD_Connection`. Valid until the server forgets the exchange; while `handling` it cannot go away.
    let handle: OpaquePointer
    var state = State.receiving
    var hasHeaders = false
    var mayRepeatHeaders = false
    var body: [UInt8] = []
    /// Whether a chunked body is arriving.
    var isChunked = false
    /// Of a chunked body: what had been read of the connection when its last piece came.
    var receivedAtPiece = 0
    /// What the handler has, once it has it.
    var request: HTTPRequest?

    init(target: HTTPRequestTarget, connection: HTTPConnection, handle: OpaquePointer) {
        self.target = target
        self.connection = connection
        unsafe self.handle = handle
    }

    /// Bytes of a chunked body that were read since, and are no body: sizes, extensions, trailers. Unbounded where the
    /// socket does not tell.
    var overhead: Int {
        if let received = ReceivedBytes.read(from: connection.descriptor) { return received - receivedAtPiece }
        return ReceivedBytes.unread(in: connection.descriptor) > 0 ? .max : 0
    }

    func notePiece() { receivedAtPiece = ReceivedBytes.read(from: connection.descriptor) ?? 0 }
}
