/// An HTTP/1.1 client over libcurl's multi interface, on the loop. One per process is enough: it keeps connections.
///
/// TLS is always verified. Proxies named in the environment are ignored. A call that failed after its request was
/// sent is never sent again by itself.
@LoopActor package final class HTTPClient {
    /// Gets each piece of a body as it comes, with status and headers. Not called any more once the call has ended.
    package typealias ChunkHandler = @LoopActor (_ head: Response, _ chunk: [UInt8]) -> Void

    /// Two, because a connection that one request was allowed to make must not serve a request that was not.
    private let anywhere: CurlFleet
    private let publicOnly: CurlFleet

    /// - Parameter keptConnections: connections kept open between requests, for each kind of target and each 256 requests
    ///   under way. With fewer than are under way libcurl closes those that it could use again.
    package init(keptConnections: Int = 4096) {
        anywhere = CurlFleet(keptConnections: keptConnections)
        publicOnly = CurlFleet(keptConnections: keptConnections)
    }

    isolated deinit { close() }

    /// Requests under way.
    package var inFlight: Int { anywhere.inFlight + publicOnly.inFlight }

    /// Sends one request and gathers the answer. Cancelling the task aborts it at once.
    package func send(_ request: Request) async throws(HTTPClientError) -> Response {
        try await run(CurlTransfer(request, onChunk: nil))
    }

    /// Sends one request and hands on the body of the answer as it comes.
    /// - Returns: status and headers, when the whole body has been handed on.
    package func stream(
        _ request: Request, onChunk: @escaping ChunkHandler
    ) async throws(HTTPClientError) -> Response {
        try await run(CurlTransfer(request, onChunk: onChunk))
    }

    /// Ends every call with `cancelled` and closes all connections. Later calls fail likewise.
    package func close() {
        anywhere.close()
        publicOnly.close()
    }

    private func run(_ transfer: CurlTransfer) async throws(HTTPClientError) -> Response {
        let fleet = transfer.request.allowsPrivateAddresses ? anywhere : publicOnly
        let outcome = await withTaskCancellationHandler {
            await unsafe withUnsafeContinuation { continuation in
                unsafe transfer.begin(continuation)
                if Task.isCancelled {
                    transfer.end(.failure(.cancelled))
                } else {
                    fleet.start(transfer)
                }
            }
        } onCancel: {
            LoopActor.loop.spawn { transfer.multi?.cancel(transfer) }
        }
        return try outcome.get()
    }
}
