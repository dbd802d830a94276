import Foundation

/// Runs a program of Postgres's, as user `postgres` where we are root: the server refuses to run as root.
///
/// By `posix_spawn`: Foundation's `Process` takes a program for running as long as a daemon that it started is.
enum PostgresCommand {
    struct Failure: Error, CustomStringConvertible { let description: String }

    static let isRoot = getuid() == 0
    private static let folder = "/usr/lib/postgresql/15/bin/"

    /// Blocks until the program has ended. Its output is thrown away.
    static func run(_ program: String, _ arguments: [String]) throws {
        let path = FileManager.default.isExecutableFile(atPath: folder + program) ? folder + program : program
        let privilege = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]
        let words = ["env", "-C", "/", "LC_ALL=C.UTF-8", "PGUSER=postgres"] + (isRoot ? privilege : [])
        let status = try spawn("/usr/bin/env", words + [path] + arguments)
        guard status == 0 else {
            throw Failure(description: "\(program) \(arguments.joined(separator: " ")): \(status)")
        }
    }

    private static func spawn(_ path: String, _ words: [String]) throws -> Int32 {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        var list = unsafe words.map { unsafe strdup($0) } + [nil]
        defer { unsafe list.forEach { unsafe free($0) } }
        var pid: pid_t = 0
        var status: Int32 = 0
        guard unsafe posix_spawn(&pid, path, &actions, nil, &list, environ) == 0 else {
            throw Failure(description: "\(path) cannot be started")
        }
        while unsafe waitpid(pid, &status, 0) < 0, errno == EINTR {}
        return status
    }
}
