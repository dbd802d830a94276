import Native
import Shared

/// Jobs by queue and how they ended.
@LoopActor final class JobMetrics {
    enum End: String, CaseIterable { case done, retried, dead, lost }

    private(set) var inFlight = 0
    private var counters: [Lane: [End: Counter]] = [:]
    private var waits: [Lane: Histogram] = [:]
    private var finished: [Lane: RateWindow] = [:]

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

    func started(_ lease: Lease) {
        inFlight += 1
        waits[lease.group.lane]?.observe(lease.wait)
    }

    func ended(_ lease: Lease, _ end: End) {
        inFlight -= 1
        counters[lease.group.lane]?[end]?.increment()
    }

    /// Jobs a second that ended for good, done or dead, over about the last 10 s; lanes without any are left out.
    /// Ask at even intervals, a few in 10 s.
    func finishedPerSecond(at time: MonotonicInstant = .now()) -> [Lane: Double] {
        for (lane, ends) in counters {
            let total = (ends[.done]?.value ?? 0) + (ends[.dead]?.value ?? 0)
            finished[lane, default: RateWindow()].note(Int(total), at: time)
        }
        return finished.mapValues(\.perSecond).filter { $0.value > 0 }
    }

    /// Jobs of all queues that ended so.
    func count(_ end: End) -> Int { counters.values.reduce(0) { $0 + Int($1[end]?.value ?? 0) } }
}
