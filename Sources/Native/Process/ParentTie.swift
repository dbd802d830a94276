internal import CUV
internal import Glibc

/// Makes a child end when its parent dies, however the parent dies: the kernel sends it a signal.
///
/// The tie (`PR_SET_PDEATHSIG`) can only be made by the child itself, after it took on its user and before it
/// becomes its program; libuv has no place for that. So the child first runs a program of ours that
/// makes the tie and then turns into the real one, under the same process id: `tie(_:)` rewrites the command, and
/// that program calls `becomeTiedCommand` as the first thing in its `main`.
///
/// The tie is to the *thread* that started the child: the loop's, which lives as long as the process.
package struct ParentTie: Sendable {
    /// What the child gets when the parent dies.
    package let signal: Signal
    /// An executable whose `main` calls `becomeTiedCommand`. By default this one, also when its file was replaced meanwhile.
    package let launcher: String

    private static let word = "--tied-to-parent"

    package init(signal: Signal, launcher: String = "/proc/self/exe") {
        self.signal = signal
        self.launcher = launcher
    }

    /// The command that starts `command` tied to this process.
    ///
    /// Its failure to start is told by exit code 127, or 126 for its user, and a line on its error output.
    package func tie(_ command: ChildCommand) -> ChildCommand {
        var tied = command
        let user = command.user.map { "\($0.user):\($0.group)" } ?? "-"
        tied.executable = launcher
        tied.arguments = [Self.word, "\(signal.rawValue)", "\(getpid())", user, command.executable] + command.arguments
        tied.user = nil
        return tied
    }

    /// Turns this process into the command that `tie` wrapped, if it was started for that; else returns.
    package static func becomeTiedCommand() {
        let words = CommandLine.arguments
        guard words.count >= 6, words[1] == word, let signal = Int32(words[2]), let parent = Int32(words[3]) else {
            return
        }
        if let user = identity(words[4]), !becomeUser(user) { fail(126, "cannot run as user \(words[4])") }
        cuv_die_with_parent(signal)
        // The parent may have died before the tie was made.
        if getppid() != parent { exit(0) }
        let arguments = CStringArray(Array(words[5...]))
        unsafe execvp(words[5], arguments.pointers)
        fail(127, "cannot start \(words[5])")
    }

    private static func identity(_ text: String) -> UserIdentity? {
        let parts = text.split(separator: ":").compactMap { UInt32($0) }
        return parts.count == 2 ? UserIdentity(user: parts[0], group: parts[1]) : nil
    }

    private static func becomeUser(_ user: UserIdentity) -> Bool {
        setgroups(0, nil) == 0 && setgid(user.group) == 0 && setuid(user.user) == 0
    }

    private static func fail(_ code: Int32, _ message: String) -> Never {
        let line = unsafe "\(message): \(String(cString: strerror(errno)))\n"
        StandardStream.error.write(line)
        exit(code)
    }
}
