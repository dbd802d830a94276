import Native
import Shared

/// A periodic job and its ticks, for an operator.
struct ScheduledJob: Equatable {
    let job: PeriodicJob
    /// nil: it was never enqueued.
    let last: WallTime?
    let next: WallTime

    /// - Parameter lastTick: nil: it was never enqueued.
    init(_ job: PeriodicJob, lastTick: Int?, now: WallTime) {
        self.job = job
        last = lastTick.map(job.time)
        next = job.due(at: now, last: lastTick) == nil ? job.time(of: job.tick(at: now) + 1) : now
    }

    static func table(_ all: [ScheduledJob], now: WallTime) -> String {
        var table = TextTable(columns: ["JOB", "EVERY", "QUEUE", "LAST", "NEXT"].map { TextTable.Column(title: $0) })
        table.rows = all.map { one in
            [
                one.job.name, Shown.age(one.job.interval), one.job.lane.rawValue,
                one.last.map(Timestamp.text) ?? "never", one.next == now ? "now" : Timestamp.text(one.next),
            ]
        }
        return table.text
    }

    @LoopActor var json: String {
        var json = JSONWriter()
        json.beginObject()
        json.field("job", job.name)
        json.field("interval_seconds", Int(job.interval.seconds))
        json.field("queue", job.lane.rawValue)
        json.field("last", orNull: last.map(Timestamp.text))
        json.field("next", Timestamp.text(next))
        json.endObject()
        return json.text
    }
}
