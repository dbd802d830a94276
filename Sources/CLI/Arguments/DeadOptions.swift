import Native
import Shared

/// What `rejoinder dead` was asked to do.
struct DeadOptions: Equatable {
    enum Action: Equatable {
        case list(DeadSelection.Filter, limit: Int)
        case show(id: String)
        case replay(DeadSelection)
        case discard(DeadSelection)
    }

    var action: Action
    /// Without asking.
    var isConfirmed = false
    var isJSON = false
    var data: String?

    init(_ action: Action) { self.action = action }

    init(_ words: some Collection<String>) throws(UsageError) {
        let rest = words.dropFirst()
        switch words.first {
        case "list": self = try .list(rest)
        case "show":
            let options = try Options(rest, valued: ["data"], flags: ["json"], takesWords: true)
            guard options.words.count == 1 else { throw UsageError("dead show needs the id of one dead job") }
            self.init(.show(id: options.words[0]))
            isJSON = options.has("json")
            data = options["data"]
        case "replay": self = try .change(rest, "replay") { .replay($0) }
        case "discard": self = try .change(rest, "discard") { .discard($0) }
        default: throw UsageError("dead is followed by list, show, replay or discard")
        }
    }

    private static func list(_ words: some Sequence<String>) throws(UsageError) -> DeadOptions {
        let options = try Options(
            words, valued: DeadSelection.Filter.names.union(["limit", "data"]), flags: ["all", "json"])
        var filter = try DeadSelection.Filter(options)
        filter.includesReplayed = options.has("all")
        var dead = DeadOptions(.list(filter, limit: try options.int("limit", in: 1...100_000, default: 100)))
        dead.isJSON = options.has("json")
        dead.data = options["data"]
        return dead
    }

    private static func change(
        _ words: some Sequence<String>, _ command: String, _ action: (DeadSelection) -> Action
    ) throws(UsageError) -> DeadOptions {
        let options = try Options(
            words, valued: DeadSelection.Filter.names.union(["limit", "data"]), flags: ["every", "yes", "json"],
            takesWords: true)
        var dead = DeadOptions(action(try DeadSelection(options, command)))
        dead.isConfirmed = options.has("yes")
        dead.isJSON = options.has("json")
        dead.data = options["data"]
        return dead
    }
}
