import Shared

/// Options of `rejoinder bench-enqueue`.
struct BenchEnqueueOptions: Equatable {
    /// When the next job goes out.
    enum Pace: Equatable {
        /// As fast as Redis takes them.
        case fastest
        /// This many a second, at uneven moments, whether or not those before were answered.
        case perSecond(Int)
        /// As many as keep this number waiting or under way.
        case waiting(Int)
    }

    /// Jobs to enqueue.
    let count: Int
    /// Conversations they belong to, in turn.
    let conversations: Int
    /// Businesses the conversations belong to, in turn: the jobs of one alone may not fill the queue.
    let businesses: Int
    /// The first job's number, which says whose it is.
    let first: Int
    let lane: Lane
    /// Bytes of each payload, in the form of a webhook's message. 0: an empty object.
    let payload: Int
    let pace: Pace

    init(_ words: some Sequence<String>) throws(UsageError) {
        let options = try Options(
            words, valued: ["count", "conversations", "businesses", "first", "lane", "payload", "rate", "waiting"])
        count = try options.int("count", in: 1...10_000_000, default: 10_000)
        conversations = try options.int("conversations", in: 1...10_000_000, default: 1000)
        businesses = try options.int("businesses", in: 1...100_000, default: 100)
        first = try options.int("first", in: 0...10_000_000, default: 0)
        lane = try Self.lane(options["lane"])
        payload = try options.int("payload", in: 0...60_000, default: 0)
        if payload != 0, payload < BenchMessage.least {
            throw UsageError("--payload is 0 or at least \(BenchMessage.least), which a message takes without its text")
        }
        pace = try Self.pace(options)
        if case .perSecond = pace, payload == 0 {
            throw UsageError("--rate needs --payload: the time of sending stands in the message")
        }
    }

    private static func lane(_ name: String?) throws(UsageError) -> Lane {
        guard let name else { return .default }
        guard let lane = Lane(rawValue: name) else {
            throw UsageError("--lane is one of \(Lane.allCases.map(\.rawValue).joined(separator: ", ")), not “\(name)”")
        }
        return lane
    }

    private static func pace(_ options: Options) throws(UsageError) -> Pace {
        switch (options["rate"], options["waiting"]) {
        case (nil, nil): return .fastest
        case (_?, nil): return .perSecond(try options.int("rate", in: 1...100_000, default: 1))
        case (nil, _?): return .waiting(try options.int("waiting", in: 100...10_000_000, default: 100))
        case (_?, _?): throw UsageError("--rate and --waiting exclude each other")
        }
    }
}
