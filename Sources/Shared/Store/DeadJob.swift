import Native

/// A job that was given up, as an operator sees it. Codable, so that its row can wait in a queue until Postgres is back.
package struct DeadJob: Sendable, Equatable, Codable {
    package var id: String
    /// Nil for a job of no business.
    package var business: String?
    /// Nil for a job that is in no order with others.
    package var conversation: String?
    package var queue: String
    package var name: String
    /// Of the payload's form.
    package var version: Int
    package var traceparent: String?
    /// JSON text.
    package var payload: String
    /// What it had recorded and a replay goes on from.
    package var steps: [String: String]
    package var reason: String
    package var attempts: Int
    package var firstFailedAt: WallTime?
    package var diedAt: WallTime
    package var replayedAt: WallTime?

    package init(
        id: String, business: String? = nil, conversation: String? = nil, queue: String, name: String,
        version: Int = 1, traceparent: String? = nil, payload: String, steps: [String: String] = [:], reason: String,
        attempts: Int, firstFailedAt: WallTime? = nil, diedAt: WallTime, replayedAt: WallTime? = nil
    ) {
        self.id = id
        self.business = business
        self.conversation = conversation
        self.queue = queue
        self.name = name
        self.version = version
        self.traceparent = traceparent
        self.payload = payload
        self.steps = steps
        self.reason = reason
        self.attempts = attempts
        self.firstFailedAt = firstFailedAt
        self.diedAt = diedAt
        self.replayedAt = replayedAt
    }
}
