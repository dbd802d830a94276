import Native

/// Where the Unix sockets of the private servers are. A socket's path holds 107 bytes at most, so a deep data folder
/// has its sockets elsewhere.
struct SocketFolder: Equatable {
    let path: String
    /// Whether it is outside of the data folder.
    let isElsewhere: Bool

    init(for data: DataFolder, isRoot: Bool) {
        let inside = data.path + "/sockets"
        // Postgres's is the longest name.
        if inside.utf8.count + "/postgres/.s.PGSQL.5432".utf8.count <= 107 {
            path = inside
            isElsewhere = false
        } else {
            let name = Hex.encode(Digest.sha256.hash(Array(data.path.utf8)).prefix(6))
            path = (isRoot ? "/run" : "/tmp") + "/rejoinder-" + name
            isElsewhere = true
        }
    }

    /// Redis's socket lies in here, for our own user alone.
    var redis: String { path + "/redis" }
    var redisSocket: String { redis + "/redis.sock" }
    /// Postgres makes its socket and a lock file in here, as its own user.
    var postgres: String { path + "/postgres" }

    var redisURL: String { "redis+unix://\(redisSocket.percentEncoded)?db=0" }

    var databaseURL: String { url(database: "rejoinder") }

    /// Of the database that every server has.
    var maintenanceURL: String { url(database: "postgres") }

    private func url(database: String) -> String {
        "postgres:///\(database)?host=\(postgres.percentEncoded)&user=rejoinder"
    }
}
