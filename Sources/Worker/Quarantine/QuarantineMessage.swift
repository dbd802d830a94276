import Native
import Shared

/// What a worker and its quarantine process say to each other: one JSON object a line.
enum QuarantineMessage: Equatable, Sendable {
    /// To the worker: jobs may come.
    case ready
    /// To the quarantine: run the head of this group under this lease.
    case run(shard: Int, group: String, token: LeaseToken)
    /// To the worker: the job begins. From here on the process answers for it.
    case started
    /// To the worker: that job has ended, and its lease with it.
    case ended(JobMetrics.End)

    var line: String {
        var json = JSONWriter()
        json.beginObject()
        switch self {
        case .ready: json.field("ready", true)
        case .started: json.field("started", true)
        case .run(let shard, let group, let token):
            json.field("shard", shard)
            json.field("group", group)
            json.field("token", token.rawValue)
        case .ended(let end): json.field("ended", end.rawValue)
        }
        json.endObject()
        return json.text
    }

    /// nil when the line is none of these.
    @LoopActor init?(line: String) {
        let read = try? JSON.read(Array(line.utf8)) { json -> QuarantineMessage? in
            if json["ready"]?.bool == true { return .ready }
            if json["started"]?.bool == true { return .started }
            if let end = (json["ended"]?.string).flatMap(JobMetrics.End.init(rawValue:)) { return .ended(end) }
            guard let shard = json["shard"]?.int, let group = json["group"]?.string, let token = json["token"]?.string
            else { return nil }
            return .run(shard: shard, group: group, token: LeaseToken(rawValue: token))
        }
        guard let message = read ?? nil else { return nil }
        self = message
    }
}
