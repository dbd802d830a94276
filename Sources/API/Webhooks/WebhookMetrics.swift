import Native
import Shared

/// Requests of one sender.
@LoopActor struct WebhookRequestMetrics {
    private let seconds: Histogram
    private let byClass: [Counter]

    init(_ metrics: Metrics, sender: ProviderName) {
        seconds = metrics.histogram(.webhookSeconds, [.sender: sender.rawValue])
        byClass = ["2xx", "4xx", "5xx"].map {
            metrics.counter(.webhookRequests, [.sender: sender.rawValue, .outcome: $0])
        }
    }

    func observe(status: Int, took: Duration) {
        seconds.observe(took)
        byClass[status < 400 ? 0 : status < 500 ? 1 : 2].increment()
    }
}

/// Messages of all senders by what became of them.
@LoopActor struct WebhookMessageMetrics {
    let accepted, duplicates, ignored, rejected, failed: Counter

    init(_ metrics: Metrics) {
        func counter(_ outcome: String) -> Counter { metrics.counter(.webhookMessages, [.outcome: outcome]) }
        accepted = counter("accepted")
        duplicates = counter("duplicate")
        ignored = counter("ignored")
        rejected = counter("rejected")
        failed = counter("failed")
    }

    /// What the API tells the other processes.
    var report: ProcessRegistry.Report {
        var report = ProcessRegistry.Report(role: "api")
        report.duplicates = Int(duplicates.value)
        report.errors = Int(failed.value)
        return report
    }
}
