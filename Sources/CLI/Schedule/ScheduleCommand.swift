import Native
import Shared

/// `rejoinder schedule`: what is done every so often, and doing it now.
@LoopActor struct ScheduleCommand {
    let options: ScheduleOptions
    let servers: Servers

    /// Returns what to print.
    func run() async throws(OperateFailure) -> String {
        try await servers.openQueue()
        switch options.act {
        case .list: return try await list()
        case .run(let job): return try await enqueue(job)
        }
    }

    private func list() async throws(OperateFailure) -> String {
        let ticks: [String: Int], hasLeader: Bool
        do throws(RedisError) {
            ticks = try await ScheduleTicks.last(servers.redis.client)
            hasLeader = try await ScheduleTicks.hasLeader(servers.redis.client)
        } catch {
            throw OperateFailure(QueueError(error).told)
        }
        let now = WallTime.now()
        let all = PeriodicJob.all.map { ScheduledJob($0, lastTick: ticks[$0.name], now: now) }
        if options.isJSON { return all.map { $0.json + "\n" }.joined() }
        return ScheduledJob.table(all, now: now)
            + (hasLeader ? "" : "No scheduler runs: nothing of this is enqueued.\n")
    }

    private func enqueue(_ job: PeriodicJob) async throws(OperateFailure) -> String {
        let one = job.extraJob(at: .now())
        let result: EnqueueResult
        do throws(QueueError) { result = try await servers.queue.enqueue(one) } catch {
            throw OperateFailure(error.told)
        }
        if case .full = result { throw OperateFailure("the queue \(job.lane.rawValue) is full") }
        guard options.isJSON else { return "\(job.name) is enqueued, as job \(one.id.rawValue).\n" }
        var json = JSONWriter()
        json.beginObject()
        json.field("job", job.name)
        json.field("job_id", one.id.rawValue)
        json.endObject()
        return json.text + "\n"
    }
}
