import Native
import Shared

/// Tells the metrics what the queue holds and how many work on it. Of the whole system, also on a scheduler that stands by.
@LoopActor final class QueueWatch {
    private let queue: RedisQueue
    private let registry: ProcessRegistry
    private let metrics: Metrics
    private var inspection = QueueInspection()
    private var workers = 0
    /// Until the first look nothing is told: no worker would be an alert.
    private var isShown = false

    private static let interval: Duration = .seconds(5)

    init(queue: RedisQueue, registry: ProcessRegistry, metrics: Metrics) {
        self.queue = queue
        self.registry = registry
        self.metrics = metrics
    }

    /// Looks every few seconds until cancelled.
    func run() async {
        while !Task.isCancelled {
            await look()
            try? await LoopActor.loop.sleep(for: Self.interval)
        }
    }

    /// One look. A Redis that does not answer changes nothing: that it does not has a metric of its own.
    func look() async {
        guard let inspection = try? await queue.inspect(), let reports = try? await registry.reports() else { return }
        self.inspection = inspection
        workers = reports.count { $0.role == "worker" }
        if !isShown { show() }
        isShown = true
    }

    private func show() {
        for lane in Lane.allCases {
            metrics.gauge(.queueDepth, [.queue: lane.rawValue]) { [unowned self] in Double(inspection[lane].depth) }
            metrics.gauge(.queueOldestSeconds, [.queue: lane.rawValue]) { [unowned self] in
                inspection[lane].oldest?.seconds ?? 0
            }
        }
        metrics.gauge(.queueDelayed) { [unowned self] in Double(inspection.delayed) }
        metrics.gauge(.workers) { [unowned self] in Double(workers) }
    }
}
