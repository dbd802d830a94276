import Native

/// A job that is enqueued at even intervals.
package struct PeriodicJob: Sendable, Equatable {
    package let name: String
    package let lane: Lane
    package let interval: Duration

    package init(name: String, lane: Lane, interval: Duration) {
        self.name = name
        self.lane = lane
        self.interval = interval
    }

    /// Everything that is done every so often.
    package static let all = [
        PeriodicJob(name: TickJob.gatewayHealth, lane: .maintenance, interval: .seconds(30)),
        PeriodicJob(
            name: TickJob.scheduledBroadcasts, lane: .broadcasts, interval: .seconds(60 / BroadcastPace.ticksPerMinute)),
        PeriodicJob(name: ReceiptsSyncJob.name, lane: .receiptsSync, interval: ReceiptsSyncJob.interval),
    ]

    /// Which tick a time belongs to: ticks are numbered from 1970-01-01 UTC.
    package func tick(at time: WallTime) -> Int { Int(time.milliseconds) / interval.milliseconds }

    /// When a tick begins.
    package func time(of tick: Int) -> WallTime { WallTime(milliseconds: Int64(tick * interval.milliseconds)) }

    /// The tick to enqueue now, or nil. However many were missed, one makes up for them.
    ///
    /// - Parameter last: the last tick that was enqueued; nil when the job never ran.
    package func due(at time: WallTime, last: Int?) -> Int? {
        let tick = tick(at: time)
        return last.map { tick > $0 } ?? true ? tick : nil
    }

    /// The queue's job for one tick. Its id follows from the tick, so two schedulers make one job of it.
    package func job(tick: Int) -> Job { job(tick, id: "\(name)-\(tick)") }

    /// The job of the present tick once more, for somebody who does not want to wait for the next one.
    package func extraJob(at time: WallTime) -> Job { job(tick(at: time), id: "\(name)-run-\(time.milliseconds)") }

    private func job(_ tick: Int, id: String) -> Job {
        Job(
            id: JobID(id), name: name, lane: lane, tenant: TenantID("system"), conversation: ConversationID(name),
            payload: TickJob.payload(tick))
    }
}
