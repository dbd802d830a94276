import Native

/// One turn of a conversation as the AI is told it, and as the conversation's memory keeps it.
///
/// The shape is that of OpenAI's chat completions, "messages".
struct ChatMessage: Equatable, Sendable {
    enum Role: String, Sendable { case system, user, assistant, tool }

    /// A piece of a turn's content.
    enum Part: Equatable, Sendable {
        case text(String)
        /// `data:image/jpeg;base64,…`
        case image(dataURL: String)
    }

    let role: Role
    /// In order. Only a user's turn may have images; an assistant's that only calls tools has none.
    let content: [Part]
    /// What an assistant's turn asks for.
    let toolCalls: [ToolCall]
    /// Of a tool's turn: the call whose result it is.
    let toolCallID: String?

    init(role: Role, content: [Part], toolCalls: [ToolCall] = [], toolCallID: String? = nil) {
        self.role = role
        self.content = content
        self.toolCalls = toolCalls
        self.toolCallID = toolCallID
    }

    init(role: Role, text: String) { self.init(role: role, content: [.text(text)]) }

    /// The texts of the content, a line each.
    var text: String {
        content.compactMap { if case .text(let text) = $0 { text } else { nil } }.joined(separator: "\n")
    }

    /// Writes the turn as servers take it. A content of texts is one string, which servers without parts understand too.
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.field("role", role.rawValue)
        json.key("content")
        if content.isEmpty {
            json.null()
        } else if content.contains(where: \.isImage) {
            json.beginArray()
            for part in content { part.write(to: &json) }
            json.endArray()
        } else {
            json.value(text)
        }
        if !toolCalls.isEmpty {
            json.key("tool_calls")
            json.beginArray()
            for call in toolCalls { call.write(to: &json) }
            json.endArray()
        }
        json.field("tool_call_id", ifPresent: toolCallID)
        json.endObject()
    }

    /// One line of the memory, images included: whoever keeps it decides whether they are worth their size.
    var line: [UInt8] {
        var json = JSONWriter(reserving: text.utf8.count + 40)
        write(to: &json)
        return json.bytes
    }

    /// nil when the line is not one that `line` made.
    @LoopActor init?(line: [UInt8]) {
        let read = try? JSON.read(line) { ChatMessage($0) }
        guard let message = read ?? nil else { return nil }
        self = message
    }

    @LoopActor init?(_ json: JSONElement) {
        guard let role = json["role"]?.string.flatMap(Role.init(rawValue:)) else { return nil }
        let calls = (json["tool_calls"]?.items ?? []).compactMap { ToolCall($0) }
        let content: [Part]
        if let text = json["content"]?.string {
            content = [.text(text)]
        } else {
            content = (json["content"]?.items ?? []).compactMap { Part($0) }
        }
        guard !content.isEmpty || !calls.isEmpty else { return nil }
        self.init(role: role, content: content, toolCalls: calls, toolCallID: json["tool_call_id"]?.string)
    }
}

extension ChatMessage.Part {
    var isImage: Bool { if case .image = self { true } else { false } }

    /// Bytes, without escapes.
    var size: Int {
        switch self {
        case .text(let text): text.utf8.count
        case .image(let url): url.utf8.count
        }
    }

    func write(to json: inout JSONWriter) {
        json.beginObject()
        switch self {
        case .text(let text):
            json.field("type", "text")
            json.field("text", text)
        case .image(let url):
            json.field("type", "image_url")
            json.key("image_url")
            json.beginObject()
            json.field("url", url)
            json.endObject()
        }
        json.endObject()
    }

    @LoopActor init?(_ json: JSONElement) {
        if let text = json["text"]?.string {
            self = .text(text)
        } else if let url = json["image_url"]?["url"]?.string {
            self = .image(dataURL: url)
        } else {
            return nil
        }
    }
}
