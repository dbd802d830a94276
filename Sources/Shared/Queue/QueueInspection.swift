/// What an operator sees of the queue.
package struct QueueInspection: Sendable, Equatable {
    package enum Pause: String, Sendable {
        case no
        /// In some shards: the call that pauses or resumes was cut off. The same call again completes it.
        case partly
        case yes
    }

    package struct LaneState: Sendable, Equatable {
        /// Jobs waiting and under way.
        package var depth = 0
        /// Groups under way, hence jobs.
        package var inFlight = 0
        /// How long the oldest job waits, of those that were looked at: next in turn, or behind one under way. nil: none.
        package var oldest: Duration?
        package var pause = Pause.no

        package init() {}
    }

    package var lanes: [Lane: LaneState] = [:]
    /// Groups that wait for their time: retries and scheduled jobs.
    package var delayed = 0
    /// Groups whose head crashed workers.
    package var suspects = 0
    /// In the capped view of the dead. What is in Postgres is the truth.
    package var deadInView = 0
    /// Whether there were too many leases to look at each, so that `inFlight` is in proportion of some.
    package var isEstimate = false

    package init() {}

    package subscript(lane: Lane) -> LaneState { lanes[lane] ?? LaneState() }
}

extension QueueInspection {
    /// One shard, as inspect.lua told it.
    struct Shard: Equatable {
        static let fieldsOfLane = 4
        static let fieldsBeside = 5

        /// nil when the numbers are not so many.
        init?(_ numbers: [Int]) {
            guard numbers.count == Lane.allCases.count * Self.fieldsOfLane + Self.fieldsBeside else { return nil }
            self.numbers = numbers
        }

        private let numbers: [Int]

        fileprivate func lane(_ place: Int) -> ArraySlice<Int> {
            numbers[(place * Self.fieldsOfLane)..<((place + 1) * Self.fieldsOfLane)]
        }

        fileprivate var beside: [Int] { Array(numbers.suffix(Self.fieldsBeside)) }
    }

    /// The sum of all shards.
    init(_ shards: [Shard]) {
        for (place, lane) in Lane.allCases.enumerated() {
            var state = LaneState()
            var pausedIn = 0
            for shard in shards {
                let numbers = Array(shard.lane(place)), leases = shard.beside[0], looked = shard.beside[1]
                state.depth += numbers[0]
                state.inFlight += leases > looked ? numbers[1] * leases / max(looked, 1) : numbers[1]
                if numbers[2] >= 0 { state.oldest = max(state.oldest ?? .zero, .milliseconds(numbers[2])) }
                pausedIn += numbers[3]
            }
            state.pause = pausedIn == 0 ? .no : pausedIn == shards.count ? .yes : .partly
            lanes[lane] = state
        }
        for shard in shards {
            let numbers = shard.beside
            if numbers[0] > numbers[1] { isEstimate = true }
            delayed += numbers[2]
            suspects += numbers[3]
            deadInView += numbers[4]
        }
    }
}
