import Native
import Shared

/// Dead jobs as scripts read them.
enum DeadJSON {
    /// An array. Without payloads, which hold what people wrote.
    static func list(_ jobs: [DeadJob]) -> String {
        var json = JSONWriter(reserving: 512 * jobs.count)
        json.beginArray()
        for job in jobs {
            json.beginObject()
            write(job, &json)
            json.endObject()
        }
        json.endArray()
        return json.text + "\n"
    }

    static func detail(_ job: DeadJob) -> String {
        var json = JSONWriter(reserving: 1024 + job.payload.utf8.count)
        json.beginObject()
        write(job, &json)
        json.field("conversation", orNull: job.conversation)
        json.field("version", job.version)
        json.field("traceparent", orNull: job.traceparent)
        json.key("payload")
        json.raw(job.payload)
        json.key("steps")
        json.beginObject()
        for (step, value) in job.steps.sorted(by: { $0.key < $1.key }) {
            json.key(named: step)
            json.value(value)
        }
        json.endObject()
        json.endObject()
        return json.text + "\n"
    }

    /// How each job of a replay or discard ended.
    static func outcomes(_ outcomes: [DeadOutcome]) -> String {
        var json = JSONWriter(reserving: 128 * outcomes.count)
        json.beginArray()
        for outcome in outcomes {
            json.beginObject()
            json.field("id", outcome.id)
            json.field("outcome", outcome.code)
            json.field("reason", ifPresent: outcome.reason)
            json.endObject()
        }
        json.endArray()
        return json.text + "\n"
    }

    private static func write(_ job: DeadJob, _ json: inout JSONWriter) {
        json.field("id", job.id)
        json.field("died_at", Timestamp.text(job.diedAt))
        json.field("first_failed_at", orNull: job.firstFailedAt.map(Timestamp.text))
        json.field("queue", job.queue)
        json.field("name", job.name)
        json.field("business", orNull: job.business)
        json.field("attempts", job.attempts)
        json.field("replayed_at", orNull: job.replayedAt.map(Timestamp.text))
        json.field("reason", job.reason)
    }
}
