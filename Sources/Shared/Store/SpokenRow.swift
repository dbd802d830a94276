import Native

/// A row of `messages` as far as it is part of what was said in a conversation.
package struct SpokenRow: Sendable, Equatable {
    package var direction: StoredMessage.Direction
    package var kind: MessageKind
    package var part: Int
    /// nil: a person wrote it.
    package var jobID: String?
    /// Cut to `MessageStore.longestSpoken` characters. Of a voice message, what was heard in it.
    package var body: String?
    /// Of a group's message.
    package var author: String?
    package var authorName: String?

    package init(
        direction: StoredMessage.Direction, kind: MessageKind = .text, part: Int = 0, jobID: String? = nil,
        body: String?, author: String? = nil, authorName: String? = nil
    ) {
        self.direction = direction
        self.kind = kind
        self.part = part
        self.jobID = jobID
        self.body = body
        self.author = author
        self.authorName = authorName
    }

    init(_ row: PostgresRow) {
        direction = row.string("direction") == "in" ? .inbound : .outbound
        kind = MessageKind(rawValue: row.string("kind")) ?? .other
        part = row.int("part")
        jobID = row.optionalString("job_id")
        body = row.optionalString("body")
        author = row.optionalString("author")
        authorName = row.optionalString("author_name")
    }
}
