import Native
import Shared

/// Which dead jobs a command changes.
enum DeadSelection: Equatable {
    case ids([String])
    /// All that fit, latest first. `limit`: at most so many.
    case filter(Filter, limit: Int?)

    /// - Parameter command: its name, for the user.
    init(_ options: Options, _ command: String) throws(UsageError) {
        let filter = try Filter(options)
        let limit = options["limit"] == nil ? nil : try options.int("limit", in: 1...1_000_000, default: 1)
        switch (options.words.isEmpty, filter == Filter(), options.has("every")) {
        case (false, true, false) where limit == nil:
            var seen: Set<String> = []
            self = .ids(options.words.filter { seen.insert($0).inserted })
        case (true, false, false), (true, true, true): self = .filter(filter, limit: limit)
        case (true, true, false):
            throw UsageError("dead \(command) needs ids, a filter such as --queue NAME, or --every")
        default: throw UsageError("dead \(command) takes ids, a filter or --every, and only one of them")
        }
    }

    /// Whether there may be more than one.
    var isMany: Bool { if case .ids(let ids) = self { ids.count > 1 } else { true } }

    struct Filter: Equatable {
        static let names: Set<String> = ["queue", "business", "name", "reason", "since", "until"]

        var lane: Lane?
        var business: String?
        var name: String?
        var reason: String?
        var since, until: TimeArgument?
        var includesReplayed = false

        init() {}

        init(_ options: Options) throws(UsageError) {
            lane = try options.lane()
            business = try options.business()
            name = options["name"]
            reason = options["reason"]
            since = try options.time("since")
            until = try options.time("until")
        }

        func stored(now: WallTime) -> DeadJobFilter {
            var filter = DeadJobFilter()
            filter.queue = lane?.rawValue
            filter.business = business
            filter.name = name
            filter.reason = reason
            filter.since = since?.time(now: now)
            filter.until = until?.time(now: now)
            filter.includesReplayed = includesReplayed
            return filter
        }
    }
}
