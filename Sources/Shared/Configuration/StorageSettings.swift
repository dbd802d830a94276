/// Where what is under way and what happened are kept.
package struct StorageSettings: Sendable {
    package let redisURL: String
    package let databaseURL: String
    package let autoMigrate: Bool
    /// Where media are kept for the record; nil: nowhere. `MEDIA_DIR`
    package let mediaDirectory: String?

    init(_ reader: inout EnvironmentReader) {
        redisURL = reader.url(
            "REDIS_URL", default: "redis://127.0.0.1:6379/0",
            schemes: ["redis", "redis+unix", "redis+sentinel"], example: "redis://:password@redis:6379/0",
            "Redis: also redis+unix:///path?db=0; user and password in the URL")!
        databaseURL = reader.url(
            "DATABASE_URL", default: "postgres://127.0.0.1:5432/rejoinder", schemes: ["postgres", "postgresql"],
            example: "postgres://user:password@postgres:5432/rejoinder", "Postgres: any libpq URL")!
        autoMigrate = reader.flag("AUTO_MIGRATE", default: true, "the worker upgrades the schema at its start")
        mediaDirectory = reader.optional("MEDIA_DIR", "folder that keeps media for the record")
    }
}
