import Native
import Shared

/// Jobs by queue and how they ended.
@LoopActor final class JobMetrics {
    enum End: String, CaseIterable { case done, retried, dead, lost }

    private(set) var inFlight = 0
    private var counters: [Lane: [End: Counter]] = [:]
    private var waits: [Lane: Histogram] = [:]

    init(_ metrics: Metrics) {
        for lane in Lane.allCases {
            waits[lane] = metrics.histogram(.queueWaitSeconds, [.queue: lane.rawValue])
            counters[lane] = Dictionary(
                uniqueKeysWithValues: End.allCases.map {
                    ($0, metrics.counter(.jobs, [.queue: lane.rawValue, .outcome: $0.rawValue]))
                })
        }
        metrics.gauge(.jobsInFlight) { [unowned self] in Double(inFlight) }
    }

    func started(_ job: LeasedJob) {
        inFlight += 1
        waits[job.job.lane]?.observe(job.lease.wait)
    }

    func ended(_ job: LeasedJob, _ end: End) {
        inFlight -= 1
        counters[job.job.lane]?[end]?.increment()
    }

    /// Jobs of all queues that ended so.
    func count(_ end: End) -> Int { counters.values.reduce(0) { $0 + Int($1[end]?.value ?? 0) } }
}
