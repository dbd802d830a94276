import Native
import Shared

/// Broadcasts as scripts read them.
@LoopActor enum BroadcastJSON {
    static func list(_ all: [Broadcast]) -> String {
        var json = JSONWriter(reserving: 512 * all.count)
        json.beginArray()
        for broadcast in all {
            json.beginObject()
            write(broadcast, to: &json)
            json.endObject()
        }
        json.endArray()
        return json.text + "\n"
    }

    static func show(_ broadcast: Broadcast, failures: [(contact: String, error: String)]) -> String {
        var json = JSONWriter(reserving: 1024)
        json.beginObject()
        write(broadcast, to: &json)
        json.key("failures")
        json.beginArray()
        for failure in failures {
            json.beginObject()
            json.field("contact", failure.contact)
            json.field("error", failure.error)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return json.text + "\n"
    }

    static func change(_ id: Int, of business: String, _ what: String, count: Int? = nil) -> String {
        var json = JSONWriter()
        json.beginObject()
        json.field("business", business)
        json.field("id", id)
        json.field("outcome", what)
        if let count { json.field("contacts", count) }
        json.endObject()
        return json.text + "\n"
    }

    private static func write(_ broadcast: Broadcast, to json: inout JSONWriter) {
        json.field("business", broadcast.business)
        json.field("id", broadcast.id)
        json.field("name", broadcast.name)
        json.field("body", broadcast.body)
        json.field("provider", orNull: broadcast.provider?.rawValue)
        json.field("status", broadcast.status.rawValue)
        json.field("scheduled_at", orNull: broadcast.scheduledAt.map(Timestamp.text))
        json.field("started_at", orNull: broadcast.startedAt.map(Timestamp.text))
        json.field("finished_at", orNull: broadcast.finishedAt.map(Timestamp.text))
        json.key("recipients")
        json.beginObject()
        for status in Broadcast.RecipientStatus.allCases {
            json.key(named: status.rawValue)
            json.value(broadcast.recipients[status] ?? 0)
        }
        json.endObject()
    }
}
