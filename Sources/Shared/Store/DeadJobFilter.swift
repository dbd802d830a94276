import Native

/// Which dead jobs are meant. What is nil does not matter.
package struct DeadJobFilter: Sendable, Equatable {
    package var queue: String?
    package var business: String?
    /// The kind of work.
    package var name: String?
    /// Part of the reason, in upper or lower case.
    package var reason: String?
    /// Died at this time or later.
    package var since: WallTime?
    /// Died before this time.
    package var until: WallTime?
    /// Also those that were replayed.
    package var includesReplayed = false

    package init() {}

    /// Whether anything is asked of the jobs that wait for an operator.
    package var isSelective: Bool {
        queue != nil || business != nil || name != nil || reason != nil || since != nil || until != nil
    }

    /// The condition with the parameters $1 to $7.
    static let condition = """
        ($1::text IS NULL OR queue = $1) AND ($2::text IS NULL OR business_id = $2)
            AND ($3::text IS NULL OR name = $3) AND ($4::text IS NULL OR strpos(lower(reason), lower($4)) > 0)
            AND ($5::timestamptz IS NULL OR died_at >= $5) AND ($6::timestamptz IS NULL OR died_at < $6)
            AND ($7 OR replayed_at IS NULL)
        """

    var parameters: [PostgresParameter] {
        [
            PostgresParameter(queue), PostgresParameter(business), PostgresParameter(name), PostgresParameter(reason),
            PostgresParameter(since), PostgresParameter(until), .bool(includesReplayed),
        ]
    }
}
