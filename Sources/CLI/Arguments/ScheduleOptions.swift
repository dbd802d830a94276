import Shared

/// What `rejoinder schedule` is to do.
struct ScheduleOptions: Equatable {
    enum Act: Equatable {
        case list
        case run(PeriodicJob)
    }

    var act: Act
    var isJSON = false
    var data: String?

    init(_ words: some Sequence<String>) throws(UsageError) {
        let options = try Options(words, valued: ["data"], flags: ["json"], takesWords: true)
        isJSON = options.has("json")
        data = options["data"]
        switch (options.words.first, options.words.count) {
        case ("list", 1): act = .list
        case ("run", 2): act = .run(try Self.job(options.words[1]))
        default: throw UsageError("schedule needs list, or run NAME")
        }
    }

    private static func job(_ name: String) throws(UsageError) -> PeriodicJob {
        guard let job = PeriodicJob.all.first(where: { $0.name == name }) else {
            let names = PeriodicJob.all.map(\.name).joined(separator: ", ")
            throw UsageError("unknown periodic job “\(name)”; there are \(names)")
        }
        return job
    }
}
