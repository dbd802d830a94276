import Native

@testable import Shared
@testable import Worker

extension LeasedJob {
    /// A job in its first attempt that no queue has: for handlers that record no step.
    static func unqueued(_ job: Job) throws -> LeasedJob {
        let lease = Lease(
            shard: 0, group: try job.group(), token: LeaseToken(rawValue: "1"), job: job, attempts: 1, crashes: 0,
            wait: .zero, behind: 0, checkpoint: [:], deadline: .now() + .seconds(60))
        return LeasedJob(lease, checkpoint: Checkpoint([:], leaseDeadline: { nil }) { _, _ throws(QueueError) in nil })
    }
}
