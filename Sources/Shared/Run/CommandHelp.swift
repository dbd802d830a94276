import Native

/// `--help` and `--version` of the service processes, which take no other arguments.
package enum CommandHelp {
    /// Returns when the process was started without arguments; else answers and ends it.
    ///
    /// - Parameter options: others that it takes, with what they do. The caller looks for them before.
    package static func answer(program: String, does what: String, options: KeyValuePairs<String, String> = [:]) {
        switch ServiceProcess.arguments.first {
        case nil: return
        case "--help", "-h":
            StandardStream.output.write(
                """
                \(program) \(Version.text): \(what).

                Its environment configures it: `rejoinder config` lists every variable with its default and meaning.

                  --help, --version
                \(options.map { "  \($0.key)  \($0.value)\n" }.joined())
                """)
            ProcessExit.now(0)
        case "--version":
            StandardStream.output.write("\(program) \(Version.text)\n")
            ProcessExit.now(0)
        case let word?:
            StandardStream.error.write("\(program): unknown argument \"\(word)\"; see \(program) --help\n")
            ProcessExit.now(64)
        }
    }
}
