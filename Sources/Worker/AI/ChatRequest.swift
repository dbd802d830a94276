import Native
import Shared

/// The body of `POST …/chat/completions`. Only what is set is written: servers refuse parameters they do not know.
struct ChatRequest: Equatable, Sendable {
    var model: String
    var messages: [ChatMessage]
    /// Those the AI may ask for.
    var tools: [Tool] = []
    /// nil: the server's own.
    var temperature: Double?
    /// Of the answer; nil: the server's own limit.
    var maxTokens: Int?
    /// What the server calls it.
    var tokensParameter = AISettings.TokensParameter.maxTokens

    @LoopActor var body: [UInt8] {
        var json = JSONWriter(reserving: roughSize)
        json.beginObject()
        json.field("model", model)
        json.key("messages")
        json.beginArray()
        for message in ChatMessage.alternating(messages) { message.write(to: &json) }
        json.endArray()
        if let temperature { json.field("temperature", temperature) }
        if let maxTokens {
            json.key(named: tokensParameter.rawValue)
            json.value(maxTokens)
        }
        // One whose name servers refuse would make them refuse every request.
        let named = tools.filter { Tool.isValid(name: $0.name) }
        if !named.isEmpty {
            json.key("tools")
            json.beginArray()
            for tool in named { Self.write(tool, &json) }
            json.endArray()
        }
        json.endObject()
        return json.bytes
    }

    /// About the bytes of the body without tools. One that grows on its way is up to twice as large as what it holds, and
    /// is held so until the AI has answered.
    private var roughSize: Int {
        messages.reduce(128 + model.utf8.count) { size, message in
            message.content.reduce(size + 48) { $0 + $1.size }
        }
    }

    @LoopActor private static func write(_ tool: Tool, _ json: inout JSONWriter) {
        json.beginObject()
        json.field("type", "function")
        json.key("function")
        json.beginObject()
        json.field("name", tool.name)
        json.field("description", tool.description)
        json.key("parameters")
        json.raw(ToolArguments.schema(of: tool))
        json.endObject()
        json.endObject()
    }
}
