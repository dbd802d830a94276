import Native
import Shared

/// Whether rows of a conversation wait in the queue: then others of it wait behind them, or they would be written out of
/// order.
///
/// That costs a question to Redis, and is asked only as long as rows may wait anywhere: from this process's start, or from
/// when Postgres was away, until nothing is left in their queue.
@LoopActor final class WaitingRows {
    private let queue: RedisQueue
    private var mayBeThere = true
    private var nextLook = MonotonicInstant.now()

    /// Between two looks at the whole queue.
    private static let interval: Duration = .seconds(5)

    init(queue: RedisQueue) { self.queue = queue }

    /// Postgres does not answer: rows wait from now on, other processes' too.
    func noteOutage() {
        mayBeThere = true
        nextLook = .now() + Self.interval
    }

    /// False also when Redis cannot be asked: nothing could be put behind them then.
    func areThere(of job: Job) async -> Bool {
        guard mayBeThere, let conversation = job.conversation else { return false }
        do {
            if nextLook < .now() {
                nextLook = .now() + Self.interval
                mayBeThere = try await queue.depths().jobs[WaitingWrite.lane] ?? 0 > 0
                if !mayBeThere { return false }
            }
            let group = try JobGroup(
                lane: WaitingWrite.lane, tenant: job.tenant, conversation: conversation, job: job.id)
            return try await queue.count(of: group) > 0
        } catch { return false }
    }
}
