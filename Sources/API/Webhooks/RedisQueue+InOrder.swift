import Native
import Shared

extension RedisQueue {
    /// Enqueues jobs together: those of one group one after the other, the groups side by side.
    ///
    /// A job that finds no room keeps those behind it out, too: sent again it would stand behind them. They get the same
    /// result.
    ///
    /// - Throws: the first error; the other jobs may be enqueued all the same.
    func enqueue(inOrder jobs: [Job]) async throws(QueueError) -> [EnqueueResult] {
        if jobs.count == 1 { return [try await enqueue(jobs[0])] }
        var places: [JobGroup: [Int]] = [:]
        for place in jobs.indices { places[try jobs[place].group(), default: []].append(place) }
        typealias Outcome = Result<[(place: Int, result: EnqueueResult)], QueueError>
        let outcomes = await withTaskGroup(of: Outcome.self) { tasks in
            for group in places.values { tasks.addTask { await self.outcome(of: group.map { ($0, jobs[$0]) }) } }
            var outcomes: [Outcome] = []
            for await outcome in tasks { outcomes.append(outcome) }
            return outcomes
        }
        var results = [EnqueueResult?](repeating: nil, count: jobs.count)
        for outcome in outcomes { for (place, result) in try outcome.get() { results[place] = result } }
        return results.compactMap { $0 }
    }

    private func outcome(
        of group: [(place: Int, job: Job)]
    ) async -> Result<[(place: Int, result: EnqueueResult)], QueueError> {
        var results: [(place: Int, result: EnqueueResult)] = [], refused: EnqueueResult?
        for (place, job) in group {
            do throws(QueueError) {
                let result = if let refused { refused } else { try await enqueue(job) }
                if case .full = result { refused = result }
                results.append((place, result))
            } catch { return .failure(error) }
        }
        return .success(results)
    }
}
