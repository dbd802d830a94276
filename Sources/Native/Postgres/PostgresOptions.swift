/// How a pool or a listener treats its connections.
package struct PostgresOptions: Sendable {
    /// Connections of a pool, at most. 1...100. The first is kept open; others come and go with the load.
    package var connections = 4
    /// Time for one address to accept us; `connect_timeout` in the URL overrides it.
    package var connectTimeout: Duration = .seconds(5)
    /// Time a query may take, waiting for a connection included, when the caller names none.
    package var queryTimeout: Duration = .seconds(5)
    /// The server's own limit, for the case that we cannot reach it to cancel. Cuts longer `within:` off.
    package var statementTimeout: Duration = .seconds(60)
    /// How long a cancelled statement may go on before its connection is closed.
    package var cancelTimeout: Duration = .seconds(5)
    /// After this long without work, connections past the first are closed.
    package var idleTimeout: Duration = .seconds(60)
    /// Statements that each connection keeps prepared.
    package var preparedStatements = 256
    /// Wait before the first attempt to reconnect; doubles to `maximumBackoff`, and is spread over 50–100 %.
    package var backoff: Duration = .milliseconds(50)
    package var maximumBackoff: Duration = .seconds(2)
    /// Pause between a listener's checks that its connection still answers.
    package var heartbeat: Duration = .seconds(15)
    /// Shown in `pg_stat_activity`.
    package var applicationName = "rejoinder"
    /// 0..<1.
    package var random: @Sendable () -> Double = { .random(in: 0..<1) }

    package init() {}

    /// The wait before attempt `failures + 1`.
    func delay(afterFailures failures: Int) -> Duration {
        let doubled = backoff * (1 << min(max(failures, 1) - 1, 16))
        return min(doubled, maximumBackoff) * (0.5 + 0.5 * random())
    }
}
