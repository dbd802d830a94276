import Native
import Shared

/// A job that is enqueued at even intervals.
struct PeriodicJob: Sendable, Equatable {
    let name: String
    let lane: Lane
    let interval: Duration

    /// Which tick a time belongs to: ticks are numbered from 1970-01-01 UTC.
    func tick(at time: WallTime) -> Int { Int(time.milliseconds) / interval.milliseconds }

    /// The tick to enqueue now, or nil. However many were missed, one makes up for them.
    ///
    /// - Parameter last: the last tick that was enqueued; nil when the job never ran.
    func due(at time: WallTime, last: Int?) -> Int? {
        let tick = tick(at: time)
        return last.map { tick > $0 } ?? true ? tick : nil
    }

    /// The queue's job for one tick. Its id follows from the tick, so two schedulers make one job of it.
    func job(tick: Int) -> Job {
        Job(
            id: JobID("\(name)-\(tick)"), name: name, lane: lane, tenant: TenantID("system"),
            conversation: ConversationID(name), payload: TickJob.payload(tick))
    }
}

/// Everything that is done every so often.
enum Schedule {
    static let jobs = [
        PeriodicJob(name: TickJob.gatewayHealth, lane: .maintenance, interval: .seconds(30)),
        PeriodicJob(
            name: TickJob.scheduledBroadcasts, lane: .broadcasts, interval: .seconds(60 / BroadcastPace.ticksPerMinute)),
        PeriodicJob(name: ReceiptsSyncJob.name, lane: .receiptsSync, interval: ReceiptsSyncJob.interval),
    ]

    /// Between two passes: expired leases, delayed jobs, due ticks.
    static let pause: Duration = .seconds(1)

    /// Scripts of a kind that one pass runs in a shard at most: 1000 leases or delayed jobs, in some 10 ms of Redis.
    static let rounds = 10
}
