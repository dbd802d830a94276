import Shared

/// What `rejoinder pause` or `resume` is to act on.
struct PauseOptions: Equatable {
    var target: PauseTarget
    var isJSON = false
    var data: String?

    init(target: PauseTarget) { self.target = target }

    /// - Parameter command: its name, for the user.
    init(_ words: some Sequence<String>, command: String) throws(UsageError) {
        let options = try Options(words, valued: ["queue", "business", "data"], flags: ["json"])
        switch (try options.lane(), try options.business()) {
        case (let lane?, nil): target = .lane(lane)
        case (nil, let business?): target = .tenant(TenantID(business))
        default: throw UsageError("\(command) needs either --queue NAME or --business ID")
        }
        isJSON = options.has("json")
        data = options["data"]
    }
}
