/// Where what is under way and what happened are kept.
package struct StorageSettings: Sendable {
    package let redisURL: String
    /// Replicas of Redis that must have a message before it counts as accepted. `REDIS_WAIT_REPLICAS`
    package let waitReplicas: Int
    package let databaseURL: String
    package let autoMigrate: Bool
    /// Where media are kept for the record; nil: nowhere. `MEDIA_DIR`
    package let mediaDirectory: String?

    init(_ reader: inout EnvironmentReader) {
        redisURL = reader.url(
            "REDIS_URL", default: "redis://127.0.0.1:6379/0",
            schemes: ["redis", "redis+unix", "redis+sentinel"], example: "redis://:password@redis:6379/0",
            "Redis: also redis+unix:///path?db=0; user and password in the URL")!
        waitReplicas = reader.int(
            "REDIS_WAIT_REPLICAS", default: 0, in: 0...10,
            "replicas that must have a message before it is accepted; 503 when they do not within 300 ms")
        databaseURL = reader.url(
            "DATABASE_URL", default: "postgres://127.0.0.1:5432/rejoinder", schemes: ["postgres", "postgresql"],
            example: "postgres://user:password@postgres:5432/rejoinder", "Postgres: any libpq URL")!
        autoMigrate = reader.flag("AUTO_MIGRATE", default: true, "the worker upgrades the schema at its start")
        mediaDirectory = reader.optional("MEDIA_DIR", "folder that keeps what comes with messages, for the record")
    }
}
