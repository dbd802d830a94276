import Native
import Shared

/// What came with one message and is to be kept for the record: a job's payload.
struct MediaToKeep: Equatable, Sendable {
    /// Of the message.
    let job: JobID
    /// ms since 1970.
    let acceptedAtMS: Int
    let message: InboundMessage
    /// What was heard, by place among the message's media.
    let heard: [Int: String]

    /// UTF-8 bytes of what was heard that are kept here; the message's row has all of it.
    private static let mostHeard = 24_576

    /// nil where nothing came with the message.
    ///
    /// - Parameter steps: of the job that answered it.
    init?(_ answered: AnsweredMessage, steps: [String: String]) {
        guard answered.message.media != nil else { return nil }
        job = answered.job
        acceptedAtMS = answered.acceptedAtMS
        message = answered.message
        var heard: [Int: String] = [:], left = Self.mostHeard
        for place in 0...answered.message.moreMedia.count {
            guard let text = steps[InboundMessage.heardStep(answered.firstMedia + place)] else { continue }
            left -= text.utf8.count
            if left >= 0 { heard[place] = text }
        }
        self.heard = heard
    }

    /// All that came, in order.
    var media: [InboundMedia] { (message.media.map { [$0] } ?? []) + message.moreMedia }

    var payload: [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.field("job", job.rawValue)
        json.field("accepted_at", acceptedAtMS)
        json.key("message")
        message.write(to: &json)
        json.key("heard")
        json.beginObject()
        for (place, text) in heard.sorted(by: { $0.key < $1.key }) {
            json.key(named: "\(place)")
            json.value(text)
        }
        json.endObject()
        json.endObject()
        return json.bytes
    }

    /// nil when the payload is not one that `payload` made.
    @LoopActor init?(payload: JSONElement) {
        guard let job = payload["job"]?.string, let acceptedAt = payload["accepted_at"]?.int,
            let message = payload["message"].flatMap({ InboundMessage(payload: $0) })
        else { return nil }
        self.job = JobID(job)
        acceptedAtMS = acceptedAt
        self.message = message
        var heard: [Int: String] = [:]
        for (place, text) in payload["heard"]?.fields ?? [] { Int(place).map { heard[$0] = text.string } }
        self.heard = heard
    }
}
