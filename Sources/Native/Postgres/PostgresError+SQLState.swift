extension PostgresError {
    /// Sorts an error answer by its SQLSTATE.
    ///
    /// Source: appendix A of the Postgres manual. The first two characters are the class; a state that is not named
    /// here goes by its class, and a class that is not named is our mistake.
    package init(sqlState: String, message: String, constraint: String = "") {
        switch sqlState {
        case "23505", "23P01": self = .conflict(constraint: constraint, message: message)
        // query_canceled: by `pg_cancel_backend`, or by statement_timeout.
        case "57014": self = .timedOut
        // serialization_failure, deadlock_detected, lock_not_available, object_in_use
        case "40001", "40P01", "55P03", "55006",
            // admin_shutdown, crash_shutdown, cannot_connect_now, idle_session_timeout
            "57P01", "57P02", "57P03", "57P05",
            // idle_in_transaction_session_timeout; read_only_sql_transaction: we are at a server that was demoted
            "25P03", "25006",
            // io_error
            "58030":
            self = .retryable(sqlState: sqlState, message: message)
        // statement_completion_unknown
        case "40003": self = .unavailable(message)
        default:
            switch sqlState.prefix(2) {
            case "08": self = .unavailable(message)
            case "53": self = .retryable(sqlState: sqlState, message: message)
            default: self = .rejected(sqlState: sqlState, message: message)
            }
        }
    }

    /// Whether the session that got this answer is of no more use: it ends, or it is at the wrong server.
    static func endsSession(sqlState: String) -> Bool {
        ["57P01", "57P02", "57P03", "57P05", "25P03", "25006"].contains(sqlState) || sqlState.hasPrefix("08")
    }

    /// Whether a prepared statement may be to blame that the server has lost, or whose result type has changed:
    /// invalid_sql_statement_name, feature_not_supported ("cached plan must not change result type").
    static func blamesStatement(sqlState: String) -> Bool { sqlState == "26000" || sqlState == "0A000" }
}
