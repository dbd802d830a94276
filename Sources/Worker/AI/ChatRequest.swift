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
        var json = JSONWriter(reserving: 2048)
        json.beginObject()
        json.field("model", model)
        json.key("messages")
        json.beginArray()
        for message in messages { message.write(to: &json) }
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
