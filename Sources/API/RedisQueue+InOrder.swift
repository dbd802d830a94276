import Native
import Shared

extension RedisQueue {
    /// Enqueues jobs together, in their order: tasks of one group begin one after the other, and each hands its
    /// command to the connection before it first waits.
    ///
    /// - Throws: the first error; the other jobs may be enqueued all the same.
    func enqueue(inOrder jobs: [Job]) async throws(QueueError) -> [EnqueueResult] {
        if jobs.count == 1 { return [try await enqueue(jobs[0])] }
        typealias Outcome = (place: Int, result: Result<EnqueueResult, QueueError>)
        let outcomes = await withTaskGroup(of: Outcome.self) { group in
            for (place, job) in jobs.enumerated() { group.addTask { (place, await self.outcome(of: job)) } }
            var outcomes: [Outcome] = []
            for await outcome in group { outcomes.append(outcome) }
            return outcomes
        }
        var results: [EnqueueResult] = []
        for outcome in outcomes.sorted(by: { $0.place < $1.place }) { results.append(try outcome.result.get()) }
        return results
    }

    private func outcome(of job: Job) async -> Result<EnqueueResult, QueueError> {
        do throws(QueueError) { return .success(try await enqueue(job)) } catch { return .failure(error) }
    }
}
