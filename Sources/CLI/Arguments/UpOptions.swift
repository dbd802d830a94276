/// How `rejoinder up` was asked to run.
struct UpOptions: Equatable {
    /// `--data`; nil: as the environment says.
    var data: String?
    var workers = 1
    /// Whether the parts' logs are shown on the terminal too.
    var isVerbose = false

    init() {}

    init(_ words: some Sequence<String>) throws(UsageError) {
        let options = try Options(words, valued: ["data", "workers"], flags: ["verbose"])
        data = options["data"]
        workers = try options.int("workers", in: 1...64, default: 1)
        isVerbose = options.has("verbose")
    }
}
