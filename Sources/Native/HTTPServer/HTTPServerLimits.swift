/// What one client, and all of them together, may take of a server.
package struct HTTPServerLimits: Sendable, Equatable {
    /// Longest body of a request, bytes. Past it: 413.
    package var bodyBytes = 1 << 20
    /// Longest request line and headers together, bytes. Past it: 431.
    package var headerBytes = 16 << 10
    /// Bytes that stand between two pieces of a chunked body, or behind the last: sizes, extensions, trailers.
    let chunkOverheadBytes = 4096
    /// Time for a request to arrive, from its connection or its first line to the last byte of its body. Past it: 408.
    package var requestTime = Duration.seconds(10)
    /// How long a connection is kept that sends no request, or takes nothing of its answer.
    package var idleTime = Duration.seconds(75)
    /// Connections whose time is up that are ended in one turn of the loop; others wait meanwhile, some 3 µs for each.
    let connectionsEndedAtOnce = 32
    /// Bodies in memory at once, bytes: of requests that arrive and of those with the handler. Past it the request that
    /// has been arriving longest gets a 503.
    package var bodyBytesAtOnce = 64 << 20
    /// Connections at once. Past it one that waits or is slow makes room, and if there is none the new one gets a 503.
    package var connections = 4096
    /// Requests with the handler at once. Past it: 503.
    package var requestsInFlight = 4096
    /// What the 503s of this server tell a client to wait, s.
    package var retryAfterSeconds = 1

    package init() {}
}
