import Native

/// One turn of a conversation as the AI is told it, and as the conversation's memory keeps it.
struct ChatMessage: Equatable, Sendable {
    enum Role: String, Sendable { case system, user, assistant }

    let role: Role
    let text: String

    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.field("role", role.rawValue)
        json.field("content", text)
        json.endObject()
    }

    /// One line of the memory.
    var line: [UInt8] {
        var json = JSONWriter(reserving: text.utf8.count + 40)
        write(to: &json)
        return json.bytes
    }

    init(role: Role, text: String) {
        self.role = role
        self.text = text
    }

    /// nil when the line is not one that `line` made.
    @LoopActor init?(line: [UInt8]) {
        let read = try? JSON.read(line) { json -> ChatMessage? in
            guard let role = json["role"]?.string.flatMap(Role.init(rawValue:)), let text = json["content"]?.string
            else { return nil }
            return ChatMessage(role: role, text: text)
        }
        guard let message = read ?? nil else { return nil }
        self = message
    }
}
