import Foundation

/// The folder of all this process's servers, and who removes it.
///
/// The janitor is a shell that waits for its input to end, which it does when this process ends in any way. Then it
/// ends the servers of the folder and deletes it.
enum PostgresJanitor {
    private static let root = Result { () throws -> String in
        let folder = "/tmp/rejoinder-test-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        if PostgresCommand.isRoot, let user = unsafe getpwnam("postgres") {
            _ = unsafe chown(folder, user.pointee.pw_uid, user.pointee.pw_gid)
        }
        let script = """
            trap '' INT TERM HUP
            cat > /dev/null
            for file in "$1"/*/data/postmaster.pid; do
                test -f "$file" || continue
                pid=$(head -n 1 "$file")
                kill -CONT "$pid"; kill -QUIT "$pid"
                for step in $(seq 100); do kill -0 "$pid" || break; sleep 0.05; done
            done 2> /dev/null
            rm -rf "$1"
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", script, "janitor", folder]
        process.standardInput = input
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return folder
    }

    /// Never written to; open as long as the process lives.
    private static let input: Pipe = {
        let pipe = Pipe()
        // No server may inherit it, or the janitor waits for that one too.
        _ = fcntl(pipe.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
        return pipe
    }()

    /// A data folder to copy, since making one takes a second.
    static let template = Result { () throws -> String in
        let folder = try root.get() + "/template"
        try PostgresCommand.run("initdb", ["-D", folder, "-A", "trust", "-E", "UTF8", "-U", "postgres", "-N"])
        return folder
    }

    /// For one server.
    static func makeFolder() throws -> String {
        let folder = try root.get() + "/\(UInt32.random(in: 0...UInt32.max))"
        try PostgresCommand.run("mkdir", [folder])
        return folder
    }
}
