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
    var body: [UInt8] = []
    /// What the handler has, once it has it.
    var request: HTTPRequest?

    init(target: HTTPRequestTarget, connection: HTTPConnection, handle: OpaquePointer) {
        self.target = target
        self.connection = connection
        unsafe self.handle = handle
    }
}
