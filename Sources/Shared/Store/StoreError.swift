import Native

/// Why a store could not do what was asked, sorted as `PostgresError` is.
package enum StoreError: Error, Equatable, Sendable, CustomStringConvertible {
    case postgres(PostgresError)
    /// A row holds what this program cannot read; asking again does not help.
    case unreadable(String)

    /// Postgres may do it later: keep the work, and serve what is in memory meanwhile.
    package var isOutage: Bool {
        switch self {
        case .postgres(.unavailable), .postgres(.timedOut), .postgres(.retryable): true
        case .postgres(.cancelled), .postgres(.conflict), .postgres(.rejected), .unreadable: false
        }
    }

    package var description: String {
        switch self {
        case .postgres(let error): error.description
        case .unreadable(let what): "a stored value cannot be read: \(what)"
        }
    }
}

extension PostgresPool {
    /// `query` with the stores' error type.
    @discardableResult
    func run(
        _ sql: String, _ parameters: [PostgresParameter] = [], within limit: Duration? = nil
    ) async throws(StoreError) -> PostgresRows {
        do throws(PostgresError) {
            return try await query(sql, parameters, within: limit)
        } catch {
            throw .postgres(error)
        }
    }
}
