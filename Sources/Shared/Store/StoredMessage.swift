import Native

/// A message as `messages` has it.
package struct StoredMessage: Sendable, Equatable {
    package enum Direction: String, Sendable { case inbound = "in", outbound = "out" }

    package var id: Int
    package var direction: Direction
    package var provider: String
    package var providerMessageID: String?
    package var jobID: String?
    package var inReplyTo: [Int]
    package var kind: String
    package var part: Int
    package var body: String?
    package var status: String
    package var attempts: Int
    package var error: String?
    package var createdAt: WallTime

    init(_ row: PostgresRow) {
        id = row.int("id")
        direction = row.string("direction") == "in" ? .inbound : .outbound
        provider = row.string("provider")
        providerMessageID = row.optionalString("provider_message_id")
        jobID = row.optionalString("job_id")
        inReplyTo = row.intArray("in_reply_to")
        kind = row.string("kind")
        part = row.int("part")
        body = row.optionalString("body")
        status = row.string("status")
        attempts = row.int("attempts")
        error = row.optionalString("error")
        createdAt = row.time("created_at")
    }
}
