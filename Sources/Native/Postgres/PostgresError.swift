/// Why a statement gave no rows, sorted by what to do about it.
package enum PostgresError: Error, Equatable, Sendable {
    /// Not connected, or the connection broke before the answer came. In the latter case the statement may have
    /// been carried out. Keep the work and do it again when Postgres is back.
    case unavailable(String)
    /// No answer in time. The statement was cancelled, but it may have been carried out before that.
    case timedOut
    /// The calling task was cancelled. As with `timedOut`, the statement may have been carried out.
    case cancelled
    /// Another row has the unique key already. `constraint` is its name in the schema, or empty.
    case conflict(constraint: String, message: String)
    /// Surely not carried out, and may well succeed in a moment: a deadlock, a serialization failure, a server that
    /// shuts down or is short of something.
    case retryable(sqlState: String, message: String)
    /// Will fail again in the same way: a mistake in the statement, its values or our rights.
    case rejected(sqlState: String, message: String)
}

extension PostgresError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unavailable(let reason): "Postgres is not available: \(reason)"
        case .timedOut: "Postgres did not answer in time"
        case .cancelled: "the query was cancelled"
        case .conflict(let constraint, let message): "\(message) (\(constraint))"
        case .retryable(let state, let message), .rejected(let state, let message): "\(message) (SQLSTATE \(state))"
        }
    }
}
