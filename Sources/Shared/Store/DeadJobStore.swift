import Native

/// The table `dead_jobs`: the durable copy of what the queue gave up.
@LoopActor package struct DeadJobStore {
    private let pool: PostgresPool

    package init(pool: PostgresPool) { self.pool = pool }

    /// Writes the row, before the queue lets the job go. May run twice. A job that died again after its replay is
    /// waiting again, and its death has another time, whatever the clocks of those who wrote say.
    ///
    /// A payload that is not JSON, which may be why the job died, is kept as a JSON string.
    package func upsert(_ job: DeadJob) async throws(StoreError) {
        let bytes = [UInt8](job.payload.utf8)
        let isJSON = (try? JSON.read(bytes) { _ in true }) ?? false
        try await pool.run(
            """
            INSERT INTO dead_jobs AS d (
                id, business_id, queue, name, payload, reason, attempts, first_failed_at, died_at,
                conversation, version, traceparent, checkpoint)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
            ON CONFLICT (id) DO UPDATE SET
                payload = excluded.payload, reason = excluded.reason,
                attempts = greatest(d.attempts, excluded.attempts),
                first_failed_at = least(d.first_failed_at, excluded.first_failed_at),
                died_at = CASE
                    WHEN d.replayed_at IS NULL OR excluded.died_at >= d.died_at
                    THEN greatest(d.died_at, excluded.died_at) ELSE d.died_at + interval '1 millisecond' END,
                replayed_at = CASE WHEN excluded.died_at = d.died_at THEN d.replayed_at ELSE NULL END,
                conversation = excluded.conversation, version = excluded.version,
                traceparent = excluded.traceparent, checkpoint = excluded.checkpoint
            """,
            [
                .text(job.id), PostgresParameter(job.business), .text(job.queue), .text(job.name.storable),
                .text(isJSON ? StoredJSON.text(json: bytes) : StoredJSON.text(job.payload)),
                .text(job.reason.storable), .int(job.attempts), PostgresParameter(job.firstFailedAt), .time(job.diedAt),
                PostgresParameter(job.conversation), .int(job.version), PostgresParameter(job.traceparent?.storable),
                .text(StoredJSON.text(job.steps)),
            ])
    }

    /// Latest first. The next page: those before the last one of this page.
    package func list(
        _ filter: DeadJobFilter = DeadJobFilter(), before last: DeadJob? = nil, limit: Int = 100
    ) async throws(StoreError) -> [DeadJob] {
        let rows = try await pool.run(
            Self.select + """
                 WHERE \(DeadJobFilter.condition) AND ($8::timestamptz IS NULL OR (died_at, id) < ($8, $9))
                ORDER BY died_at DESC, id DESC LIMIT $10
                """,
            filter.parameters + [PostgresParameter(last?.diedAt), PostgresParameter(last?.id), .int(limit)])
        return try rows.map(Self.job)
    }

    /// How many there are.
    package func count(_ filter: DeadJobFilter = DeadJobFilter()) async throws(StoreError) -> Int {
        try await pool.run("SELECT count(*) AS n FROM dead_jobs WHERE \(DeadJobFilter.condition)", filter.parameters)[0]
            .int("n")
    }

    /// Also one that was replayed.
    package func get(_ id: String) async throws(StoreError) -> DeadJob? {
        try await pool.run(Self.select + " WHERE id = $1", [.text(id)]).first.map(Self.job)
    }

    /// Call it once the queue has the job again.
    ///
    /// - Returns: false when the row is gone, was marked before, or is of a later death, which has to stay visible.
    package func markReplayed(_ job: DeadJob, at time: WallTime) async throws(StoreError) -> Bool {
        try await pool.run(
            "UPDATE dead_jobs SET replayed_at = $3 WHERE \(Self.isThisDeath) AND replayed_at IS NULL",
            [.text(job.id), .time(job.diedAt), .time(time)]
        ).affected > 0
    }

    /// Forgets the job for good. False when it is unknown, or died again in between.
    package func discard(_ job: DeadJob) async throws(StoreError) -> Bool {
        try await pool.run("DELETE FROM dead_jobs WHERE \(Self.isThisDeath)", [.text(job.id), .time(job.diedAt)])
            .affected > 0
    }

    /// Forgets that the job was to die: it has ended well after all. A row that was replayed stays, as history.
    ///
    /// - Returns: whether there was such a row.
    package func takeBack(_ id: String) async throws(StoreError) -> Bool {
        try await pool.run("DELETE FROM dead_jobs WHERE id = $1 AND replayed_at IS NULL", [.text(id)]).affected > 0
    }

    /// Times are read cut to milliseconds.
    private static let isThisDeath = "id = $1 AND date_trunc('milliseconds', died_at) = $2"

    private static let select = """
        SELECT id, business_id, conversation, queue, name, version, traceparent, payload, checkpoint, reason, attempts,
            first_failed_at, died_at, replayed_at
        FROM dead_jobs
        """

    private static func job(_ row: PostgresRow) throws(StoreError) -> DeadJob {
        DeadJob(
            id: row.string("id"), business: row.optionalString("business_id"),
            conversation: row.optionalString("conversation"), queue: row.string("queue"), name: row.string("name"),
            version: row.int("version"), traceparent: row.optionalString("traceparent"),
            payload: row.string("payload"),
            steps: try StoredJSON.read([String: String].self, row.rawBytes("checkpoint") ?? []),
            reason: row.string("reason"), attempts: row.int("attempts"),
            firstFailedAt: row.optionalTime("first_failed_at"), diedAt: row.time("died_at"),
            replayedAt: row.optionalTime("replayed_at"))
    }
}
