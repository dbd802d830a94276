import Native

/// A call of a tool that the AI asks for.
struct ToolCall: Equatable, Sendable {
    /// The AI's name for the call: its result is told under it.
    let id: String
    let name: String
    /// JSON text as the AI wrote it, which may be malformed.
    let arguments: String

    init(id: String, name: String, arguments: String) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }

    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.field("id", id)
        json.field("type", "function")
        json.key("function")
        json.beginObject()
        json.field("name", name)
        json.field("arguments", arguments)
        json.endObject()
        json.endObject()
    }

    /// nil when it names no tool. Arguments that are an object, as Ollama's own API has them, become its text.
    @LoopActor init?(_ json: JSONElement) {
        guard let function = json["function"], let name = function["name"]?.string, !name.isEmpty else { return nil }
        var arguments = JSONWriter(reserving: 0)
        if let given = function["arguments"], !given.isNull, given.string == nil { arguments.value(given) }
        self.init(
            id: json["id"]?.string ?? "", name: name, arguments: function["arguments"]?.string ?? arguments.text)
    }
}
