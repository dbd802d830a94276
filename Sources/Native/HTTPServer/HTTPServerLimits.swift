/// What one client, and all of them together, may take of a server.
package struct HTTPServerLimits: Sendable, Equatable {
    /// Longest body of a request, bytes. Past it: 413.
    package var bodyBytes = 1 << 20
    /// Longest request line and headers together, bytes. Past it: 431.
    package var headerBytes = 16 << 10
    /// Time for a request to arrive, from its connection or its first line to the last byte of its body. Past it: 408.
    package var requestTime = Duration.seconds(10)
    /// How long a connection is kept that sends no request, or takes nothing of its answer.
    package var idleTime = Duration.seconds(75)
    /// Connections at once. Past it: 503, and the connection is closed.
    package var connections = 4096
    /// Requests with the handler at once. Past it: 503.
    package var requestsInFlight = 4096
    /// What the 503s of this server tell a client to wait, s.
    package var retryAfterSeconds = 1

    package init() {}
}
