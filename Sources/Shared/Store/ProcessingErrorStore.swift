import Native

/// Something that went wrong on the way to an answer.
package struct ProcessingError: Sendable, Equatable, Codable {
    package var business: String
    package var jobID: String
    /// The provider's id of the message.
    package var messageID: String?
    /// `ai`, `send`, …
    package var stage: String
    package var message: String
    /// Attempts of the job before this one.
    package var retryCount: Int
    /// ms since 1970.
    package var createdAtMS: Int64

    package init(
        business: String, jobID: String, messageID: String? = nil, stage: String, message: String, retryCount: Int,
        createdAtMS: Int64
    ) {
        self.business = business
        self.jobID = jobID
        self.messageID = messageID
        self.stage = stage
        self.message = message
        self.retryCount = retryCount
        self.createdAtMS = createdAtMS
    }

    enum CodingKeys: String, CodingKey {
        case business, stage, message
        case jobID = "job_id"
        case messageID = "message_id"
        case retryCount = "retry_count"
        case createdAtMS = "created_at_ms"
    }
}

/// The table `processing_errors`.
@LoopActor package struct ProcessingErrorStore {
    private let pool: PostgresPool

    package init(pool: PostgresPool) { self.pool = pool }

    /// Notes the error. May run twice: one row for each job, stage and attempt.
    package func record(_ error: ProcessingError) async throws(StoreError) {
        try await pool.run(
            """
            INSERT INTO processing_errors (
                business_id, job_id, message_id, stage, error_message, retry_count, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING
            """,
            [
                .text(error.business), .text(error.jobID), PostgresParameter(error.messageID), .text(error.stage),
                .text(error.message.storable), .int(error.retryCount),
                .time(WallTime(milliseconds: error.createdAtMS)),
            ])
    }

    /// Of one business, latest first.
    package func recent(business: String, limit: Int = 100) async throws(StoreError) -> [ProcessingError] {
        try await pool.run(
            """
            SELECT business_id, job_id, message_id, stage, error_message, retry_count, created_at
            FROM processing_errors WHERE business_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2
            """,
            [.text(business), .int(limit)]
        ).map { row in
            ProcessingError(
                business: row.string("business_id"), jobID: row.string("job_id"),
                messageID: row.optionalString("message_id"), stage: row.string("stage"),
                message: row.string("error_message"), retryCount: row.int("retry_count"),
                createdAtMS: row.time("created_at").milliseconds)
        }
    }
}
