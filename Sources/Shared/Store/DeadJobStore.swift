import Native

/// A job that was given up, as an operator sees it.
package struct DeadJob: Sendable, Equatable {
    package var id: String
    /// Nil for a job of no business.
    package var business: String?
    package var queue: String
    package var name: String
    /// JSON text.
    package var payload: String
    package var reason: String
    package var attempts: Int
    package var firstFailedAt: WallTime?
    package var diedAt: WallTime
    package var replayedAt: WallTime?

    package init(
        id: String, business: String? = nil, queue: String, name: String, payload: String, reason: String,
        attempts: Int, firstFailedAt: WallTime? = nil, diedAt: WallTime, replayedAt: WallTime? = nil
    ) {
        self.id = id
        self.business = business
        self.queue = queue
        self.name = name
        self.payload = payload
        self.reason = reason
        self.attempts = attempts
        self.firstFailedAt = firstFailedAt
        self.diedAt = diedAt
        self.replayedAt = replayedAt
    }
}

/// The table `dead_jobs`: the durable copy of what the queue gave up.
@LoopActor package struct DeadJobStore {
    private let pool: PostgresPool

    package init(pool: PostgresPool) { self.pool = pool }

    /// Writes the row, before the queue lets the job go. May run twice. A job that died again after its replay is
    /// waiting again.
    ///
    /// A payload that is not JSON, which may be why the job died, is kept as a JSON string.
    package func upsert(_ job: DeadJob) async throws(StoreError) {
        let bytes = [UInt8](job.payload.utf8)
        let isJSON = (try? JSON.read(bytes) { _ in true }) ?? false
        try await pool.run(
            """
            INSERT INTO dead_jobs AS d (
                id, business_id, queue, name, payload, reason, attempts, first_failed_at, died_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (id) DO UPDATE SET
                payload = excluded.payload, reason = excluded.reason,
                attempts = greatest(d.attempts, excluded.attempts),
                first_failed_at = least(d.first_failed_at, excluded.first_failed_at),
                died_at = greatest(d.died_at, excluded.died_at),
                replayed_at = CASE WHEN excluded.died_at > d.replayed_at THEN NULL ELSE d.replayed_at END
            """,
            [
                .text(job.id), PostgresParameter(job.business), .text(job.queue), .text(job.name.storable),
                .text(isJSON ? StoredJSON.text(json: bytes) : StoredJSON.text(job.payload)),
                .text(job.reason.storable), .int(job.attempts), PostgresParameter(job.firstFailedAt), .time(job.diedAt),
            ])
    }

    /// Those that wait for an operator, latest first. The next page: those before the last one of this page.
    package func list(
        queue: String? = nil, before last: DeadJob? = nil, limit: Int = 100
    ) async throws(StoreError) -> [DeadJob] {
        try await pool.run(
            Self.select + """
                 WHERE replayed_at IS NULL AND ($1::text IS NULL OR queue = $1)
                    AND ($2::timestamptz IS NULL OR (died_at, id) < ($2, $3))
                ORDER BY died_at DESC, id DESC LIMIT $4
                """,
            [PostgresParameter(queue), PostgresParameter(last?.diedAt), PostgresParameter(last?.id), .int(limit)]
        ).map(Self.job)
    }

    /// Also one that was replayed.
    package func get(_ id: String) async throws(StoreError) -> DeadJob? {
        try await pool.run(Self.select + " WHERE id = $1", [.text(id)]).first.map(Self.job)
    }

    /// - Returns: false when it is unknown or was replayed already: of two operators only one may go on.
    package func markReplayed(_ id: String, at time: WallTime) async throws(StoreError) -> Bool {
        try await pool.run(
            "UPDATE dead_jobs SET replayed_at = $2 WHERE id = $1 AND replayed_at IS NULL", [.text(id), .time(time)]
        ).affected > 0
    }

    /// Forgets the job for good. False when it is unknown.
    package func discard(_ id: String) async throws(StoreError) -> Bool {
        try await pool.run("DELETE FROM dead_jobs WHERE id = $1", [.text(id)]).affected > 0
    }

    private static let select = """
        SELECT id, business_id, queue, name, payload, reason, attempts, first_failed_at, died_at, replayed_at
        FROM dead_jobs
        """

    private static func job(_ row: PostgresRow) -> DeadJob {
        DeadJob(
            id: row.string("id"), business: row.optionalString("business_id"), queue: row.string("queue"),
            name: row.string("name"), payload: row.string("payload"), reason: row.string("reason"),
            attempts: row.int("attempts"), firstFailedAt: row.optionalTime("first_failed_at"),
            diedAt: row.time("died_at"), replayedAt: row.optionalTime("replayed_at"))
    }
}
