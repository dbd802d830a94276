import Native
import Shared

/// What `rejoinder queues` shows of one look.
struct QueuesView: Equatable {
    var time: WallTime
    var queue: QueueInspection
    /// By lane, over all workers.
    var finishedPerSecond: [Lane: Double] = [:]
    var workers = 0
    /// nil: Postgres could not tell.
    var dead: Int?
    var pausedBusinesses: [String] = []

    init(
        time: WallTime, queue: QueueInspection, reports: [ProcessRegistry.Report], paused: Set<PauseTarget>, dead: Int?
    ) {
        self.time = time
        self.queue = queue
        self.dead = dead
        for report in reports {
            if report.role == "worker" { workers += 1 }
            finishedPerSecond.merge(report.finishedPerSecond, uniquingKeysWith: +)
        }
        for case .tenant(let tenant) in paused { pausedBusinesses.append(tenant.rawValue) }
        pausedBusinesses.sort()
    }

    var text: String {
        var table = TextTable(
            columns: [
                .init(title: "QUEUE"), .init(title: "DEPTH", isNumber: true), .init(title: "OLDEST", isNumber: true),
                .init(title: "IN FLIGHT", isNumber: true), .init(title: "FINISHED/S", isNumber: true),
                .init(title: "PAUSED"),
            ])
        for lane in Lane.allCases {
            let state = queue[lane]
            table.rows.append([
                lane.rawValue, "\(state.depth)", state.oldest.map(Shown.age) ?? "-",
                (queue.isEstimate && state.inFlight > 0 ? "~" : "") + "\(state.inFlight)",
                Shown.rate(finishedPerSecond[lane] ?? 0), state.pause.rawValue,
            ])
        }
        return table.text + "\n" + totals + "\n"
    }

    private var totals: String {
        [
            "Delayed: \(queue.delayed)", "In quarantine: \(queue.suspects)",
            "Dead: \(dead.map(String.init) ?? "unknown")",
            "Workers: \(workers)",
            "Paused businesses: \(pausedBusinesses.isEmpty ? "none" : pausedBusinesses.joined(separator: ", "))",
        ].joined(separator: "   ")
    }

    /// One line, without its end.
    var json: String {
        var json = JSONWriter(reserving: 1024)
        json.beginObject()
        json.field("at", Timestamp.text(time))
        json.key("queues")
        json.beginArray()
        for lane in Lane.allCases { write(lane, queue[lane], &json) }
        json.endArray()
        json.field("delayed", queue.delayed)
        json.field("quarantine", queue.suspects)
        json.field("dead", orNull: dead)
        json.field("workers", workers)
        json.key("paused_businesses")
        json.beginArray()
        for business in pausedBusinesses { json.value(business) }
        json.endArray()
        json.field("estimate", queue.isEstimate)
        json.endObject()
        return json.text
    }

    private func write(_ lane: Lane, _ state: QueueInspection.LaneState, _ json: inout JSONWriter) {
        json.beginObject()
        json.field("name", lane.rawValue)
        json.field("depth", state.depth)
        json.field("oldest_ms", orNull: state.oldest?.milliseconds)
        json.field("in_flight", state.inFlight)
        json.field("finished_per_second", finishedPerSecond[lane] ?? 0)
        json.field("paused", state.pause.rawValue)
        json.endObject()
    }
}
