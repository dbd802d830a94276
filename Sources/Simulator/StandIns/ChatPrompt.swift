import Native

/// What an AI was asked, as far as the stand-in looks at it, and what it says to that.
struct ChatPrompt: Sendable {
    enum Reply: Sendable, Equatable {
        case text(String)
        case tool(name: String, arguments: String)

        var isToolCall: Bool { if case .tool = self { true } else { false } }

        /// In characters.
        var length: Int {
            switch self {
            case .text(let text): text.count
            case .tool(let name, let arguments): name.count + arguments.count
            }
        }
    }

    private(set) var model = ""
    /// The last thing a user said.
    private(set) var lastUserText = ""
    /// What a tool said after that.
    private(set) var toolText: String?
    private(set) var userMessages = 0
    private(set) var tools: [String] = []
    /// What users and assistants said, in order.
    private(set) var said: [String] = []
    /// Characters of all messages together.
    private(set) var length = 0

    /// The user's words again. `recall` tells what was said before. `long:N` gets so many characters, in words.
    /// `tool:NAME {…}` calls the tool of that name, if there is one, with the rest as its arguments; its answer is then said
    /// again.
    var reply: Reply {
        if let toolText { return .text("The tool said: \(toolText)") }
        let words = lastUserText.split(separator: " ", maxSplits: 1)
        if let name = words.first, name.hasPrefix("tool:"), tools.contains(String(name.dropFirst(5))) {
            return .tool(name: String(name.dropFirst(5)), arguments: words.count > 1 ? String(words[1]) : "{}")
        }
        if let recalled { return .text("I recall: " + recalled.joined(separator: " | ")) }
        if lastUserText.hasPrefix("long:"), let count = Int(lastUserText.dropFirst(5)), (1...100_000).contains(count) {
            return .text(String(repeating: "words and ", count: count / 10 + 1).prefix(count).description)
        }
        let what = lastUserText.isEmpty ? "(no text)" : lastUserText
        return .text(
            "You said: \(what)\n\nI am the simulator's AI, and this is message \(userMessages) I see from you.")
    }

    /// What was said before a `recall`, which may be the last line of several messages in one turn.
    private var recalled: [String]? {
        let lines = lastUserText.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.last == "recall" else { return nil }
        return said.dropLast() + (lines.count > 1 ? ["user: " + lines.dropLast().joined(separator: "\n")] : [])
    }

    @LoopActor static func read(_ body: [UInt8]) throws(JSONError) -> ChatPrompt {
        try JSON.read(body) { (root) throws(JSONError) in
            var prompt = ChatPrompt()
            prompt.model = root["model"]?.string ?? "simulated"
            guard let messages = root["messages"], messages.isArray else { throw .unexpected("messages") }
            for message in messages.items { prompt.add(message) }
            prompt.tools = (root["tools"]?.items ?? []).compactMap { $0["function"]?["name"]?.string }
            return prompt
        }
    }

    @LoopActor private mutating func add(_ message: JSONElement) {
        let text = Self.text(message["content"])
        length += text.count
        if let role = message["role"]?.string, role == "user" || (role == "assistant" && !text.isEmpty) {
            said.append("\(role): \(text)")
        }
        switch message["role"]?.string {
        case "user":
            lastUserText = text
            userMessages += 1
            toolText = nil
        case "tool": toolText = text
        default: break
        }
    }

    /// A content is a text, or parts of which some are texts.
    @LoopActor private static func text(_ content: JSONElement?) -> String {
        guard let content else { return "" }
        if let text = content.string { return text }
        return content.items.map { part in
            if let text = part["text"]?.string { return text }
            // Of a data URL, what it holds (RFC 2397).
            let url = part["image_url"]?["url"]?.string.flatMap { $0.hasPrefix("data:") ? $0.dropFirst(5) : nil }
            return "[\(part["type"]?.string ?? "part")\(url.map { " " + $0.prefix { $0 != ";" } } ?? "")]"
        }.joined(separator: " ")
    }
}
