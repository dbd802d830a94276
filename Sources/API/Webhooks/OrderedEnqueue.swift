import Native
import Shared

/// Enqueues the jobs of one webhook in parts: those of one group one after the other, the groups side by side.
///
/// A job that finds no room keeps those behind it in its group out, too, also in later parts: sent again it would stand
/// behind them. They get the same result.
@LoopActor struct OrderedEnqueue {
    /// Jobs enqueued at once. One body may have some ten thousand messages. All at once they would keep Redis, and so
    /// everybody else's webhook, for longer than a command may take; so many are 3 ms.
    static let most = 64

    let queue: RedisQueue
    private var refused: [JobGroup: EnqueueResult] = [:]

    init(_ queue: RedisQueue) { self.queue = queue }

    /// - Returns: what became of each job, in their order.
    /// - Throws: the first error; the other jobs may be enqueued all the same.
    @inline(__always)
    mutating func enqueue(_ jobs: [Job]) async throws(QueueError) -> [EnqueueResult] {
        if jobs.count == 1, refused.isEmpty {
            let result = try await queue.enqueue(jobs[0])
            if case .full = result { refused[try jobs[0].group()] = result }
            return [result]
        }
        var places: [JobGroup: [Int]] = [:]
        for place in jobs.indices { places[try jobs[place].group(), default: []].append(place) }
        var results = [EnqueueResult?](repeating: nil, count: jobs.count)
        for outcome in await outcomes(of: places, jobs) {
            let (group, all) = try outcome.get()
            for (place, result) in all { results[place] = result }
            if let last = all.last?.result, case .full = last { refused[group] = last }
        }
        return results.compactMap { $0 }
    }

    private typealias Results = [(place: Int, result: EnqueueResult)]
    private typealias Outcome = Result<(JobGroup, Results), QueueError>

    private func outcomes(of places: [JobGroup: [Int]], _ jobs: [Job]) async -> [Outcome] {
        await withTaskGroup(of: Outcome.self) { tasks in
            for (group, places) in places {
                tasks.addTask { await self.outcome(of: group, places.map { ($0, jobs[$0]) }) }
            }
            var outcomes: [Outcome] = []
            for await outcome in tasks { outcomes.append(outcome) }
            return outcomes
        }
    }

    private func outcome(of group: JobGroup, _ jobs: [(place: Int, job: Job)]) async -> Outcome {
        var results: Results = [], refused = refused[group]
        for (place, job) in jobs {
            do throws(QueueError) {
                let result = if let refused { refused } else { try await queue.enqueue(job) }
                if case .full = result { refused = result }
                results.append((place, result))
            } catch { return .failure(error) }
        }
        return .success((group, results))
    }
}
