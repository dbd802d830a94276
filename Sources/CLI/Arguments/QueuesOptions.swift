/// How `rejoinder queues` was asked to look.
struct QueuesOptions: Equatable {
    /// Seconds between two looks; nil: one look.
    var interval: Int?
    var isJSON = false
    var data: String?

    init() {}

    init(_ words: some Sequence<String>) throws(UsageError) {
        let options = try Options(words, valued: ["interval", "data"], flags: ["watch", "json"])
        if options["interval"] != nil, !options.has("watch") { throw UsageError("--interval goes with --watch") }
        let seconds = try options.int("interval", in: 1...3600, default: 2)
        interval = options.has("watch") ? seconds : nil
        isJSON = options.has("json")
        data = options["data"]
    }
}
