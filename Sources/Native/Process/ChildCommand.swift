/// What to start as a child process, and how.
package struct ChildCommand: Sendable {
    /// Where a child's input comes from.
    package enum Input: Sendable {
        case null
        case inherit
        /// From us: `ChildProcess.send`. It ends with `closeInput`, and when we end.
        case lines
    }

    /// Where one of a child's outputs goes.
    package enum Output: Sendable {
        case null
        case inherit
        /// Appended to the file, which is made with mode 0644 if need be.
        case file(String)
        /// Each line as it comes, on the loop. The last one is told before the child's exit is.
        case lines(@LoopActor @Sendable (String) -> Void)
    }

    /// A path, or a name that is looked up in `PATH`.
    package var executable: String
    package var arguments: [String]
    /// All of the child's environment; nil: a copy of ours.
    package var environment: [String: String]?
    package var workingDirectory: String?
    /// Nil: ours. Another one needs root. The child then has no supplementary groups.
    package var user: UserIdentity?
    package var input = Input.null
    package var output = Output.inherit
    package var errors = Output.inherit
    /// Whether the child leads a session and process group of its own. It is then out of reach of the
    /// terminal's Ctrl-C, so that the parent decides who stops when, and its own children can be signalled with it.
    package var leadsGroup = true

    package init(_ executable: String, _ arguments: [String] = []) {
        self.executable = executable
        self.arguments = arguments
    }
}
