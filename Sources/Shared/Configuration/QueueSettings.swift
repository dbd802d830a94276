package struct QueueSettings: Sendable {
    package let dedupeLifetime: Duration
    package let staleAfter: Duration
    package let maxLength: Int
    package let attempts: Int
    package let lease: Duration

    init(_ reader: inout EnvironmentReader) {
        dedupeLifetime = reader.seconds("DEDUPE_TTL_SECONDS", default: 86400, "how long a message counts as seen")
        staleAfter = reader.seconds(
            "STALE_AFTER_SECONDS", default: 21600, "older messages are stored but not answered")
        maxLength = reader.int(
            "QUEUE_MAX_LENGTH", default: 1_000_000, in: 1...100_000_000,
            "jobs in one queue past which the API answers 503")
        attempts = reader.int("JOB_ATTEMPTS", default: 8, in: 1...100, "attempts before a job is dead")
        lease = reader.seconds("JOB_LEASE_SECONDS", default: 30, in: 3...3600, "takeover time of a dead worker's jobs")
    }
}
