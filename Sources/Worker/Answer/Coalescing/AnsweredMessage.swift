import Native
import Shared

/// A message that a job answers: the one it was made for, or one that was merged into it.
struct AnsweredMessage: Sendable, Equatable {
    let message: InboundMessage
    /// The job that was made for it.
    let job: JobID
    /// By the clock of Redis, ms since 1970.
    let acceptedAtMS: Int
    /// The place of its first voice message or picture among those of all messages that the job answers.
    let firstMedia: Int

    /// Places that it takes, also where it brought nothing.
    private var mediaPlaces: Int { 1 + message.moreMedia.count }

    /// What was said in it, and behind it, a line each, what was heard; nil where there is neither.
    ///
    /// - Parameter steps: of the job that answers it.
    func body(_ steps: [String: String]) -> String? { message.body(steps, from: firstMedia) }
}

extension AnsweredMessage {
    /// The recorded step of a merged message; they count from 1.
    static func step(_ number: Int) -> String { "merged.\(number)" }

    /// What is recorded of a merged message: all that is needed to answer it.
    var recorded: String {
        var json = JSONWriter()
        json.beginObject()
        json.field("job", job.rawValue)
        json.field("accepted_at", acceptedAtMS)
        json.key("message")
        message.write(to: &json)
        json.endObject()
        return json.text
    }

    /// The one that comes next.
    func next(_ message: InboundMessage, job: JobID, acceptedAtMS: Int) -> AnsweredMessage {
        AnsweredMessage(
            message: message, job: job, acceptedAtMS: acceptedAtMS, firstMedia: firstMedia + mediaPlaces)
    }

    /// What was merged into a job by now, in order.
    ///
    /// - Parameter steps: that it has recorded.
    @LoopActor static func merged(in steps: [String: String], after head: AnsweredMessage) -> [AnsweredMessage] {
        var merged: [AnsweredMessage] = []
        while let text = steps[step(merged.count + 1)], let next = (merged.last ?? head).next(recorded: text) {
            merged.append(next)
        }
        return merged
    }

    @LoopActor private func next(recorded text: String) -> AnsweredMessage? {
        let read = try? JSON.read(Array(text.utf8)) { json -> AnsweredMessage? in
            guard let job = json["job"]?.string, let acceptedAt = json["accepted_at"]?.int,
                let message = json["message"].flatMap({ InboundMessage(payload: $0) })
            else { return nil }
            return next(message, job: JobID(job), acceptedAtMS: acceptedAt)
        }
        return read ?? nil
    }
}
