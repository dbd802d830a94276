import Native
import Shared

/// `GET /api/webhook/health`: how the whole system is, over all processes.
@LoopActor struct OverviewRoute {
    let queue: RedisQueue
    let registry: ProcessRegistry
    /// The providers that are configured.
    let providers: [ProviderName]

    func handle(_ request: HTTPRequest) async -> HTTPResponse {
        do {
            let overview = Overview(
                process: registry.id, reports: try await registry.reports(),
                waiting: try await queue.depths().jobs, providers: providers)
            return .json(status: 200, body: overview.body)
        } catch {
            return .json(status: 503, body: Overview.unreachable, headers: [("Retry-After", "1")])
        }
    }
}

/// The sums over all processes, and what they say of the system.
struct Overview {
    /// The id of the process that answers. Whoever can read Redis can tell by it whose API this is.
    let process: String
    let reports: [ProcessRegistry.Report]
    let waiting: [Lane: Int]
    let providers: [ProviderName]

    /// Redis does not answer: nothing can be accepted.
    static let unreachable = Array(#"{"status":"unhealthy","message":"Redis does not answer"}"#.utf8)

    private var workers: Int { reports.count { $0.role == "worker" } }

    /// Without a worker messages are kept, but nobody answers them.
    var status: String { workers == 0 ? "degraded" : "healthy" }

    private func sum(_ field: KeyPath<ProcessRegistry.Report, Int>) -> Int {
        reports.reduce(0) { $0 + $1[keyPath: field] }
    }

    var body: [UInt8] {
        var json = JSONWriter(reserving: 512)
        json.beginObject()
        json.field("status", status)
        json.field("process", process)
        writeCache(&json)
        json.key("processor")
        json.beginObject()
        json.field("processed", sum(\.processed))
        json.field("duplicates", sum(\.duplicates))
        json.field("errors", sum(\.errors))
        json.field("currentlyProcessing", sum(\.inFlight))
        json.endObject()
        json.key("queues")
        json.beginObject()
        for lane in Lane.allCases {
            json.key(named: lane.rawValue)
            json.value(waiting[lane] ?? 0)
        }
        json.endObject()
        json.key("providers")
        json.beginObject()
        for provider in ProviderName.allCases {
            json.key(named: provider.rawValue)
            json.beginObject()
            json.field("state", providers.contains(provider) ? "configured" : "closed")
            // Each worker tells of all: the one that knows most is ahead.
            json.field("circuitsOpen", reports.compactMap { $0.circuitsOpen[provider] }.max() ?? 0)
            json.endObject()
        }
        json.endObject()
        json.field("workers", workers)
        json.endObject()
        return json.bytes
    }

    private func writeCache(_ json: inout JSONWriter) {
        let hits = sum(\.cacheHits), misses = sum(\.cacheMisses)
        json.key("cache")
        json.beginObject()
        json.field("hits", hits)
        json.field("misses", misses)
        json.field("hitRate", hits + misses == 0 ? "0%" : "\(hits * 100 / (hits + misses))%")
        json.field("keys", sum(\.cacheKeys))
        json.endObject()
    }
}
