import Native
import Shared

/// Tools as scripts read them. Of headers the names only: their values are secrets.
enum ToolsJSON {
    static func list(_ tools: [Tool]) -> String {
        var json = JSONWriter(reserving: 512 * tools.count)
        json.beginArray()
        for tool in tools {
            json.beginObject()
            json.field("name", tool.name)
            json.field("description", tool.description)
            json.field("enabled", tool.enabled)
            json.field("method", tool.method)
            json.field("url", tool.url)
            json.field("timeout_ms", tool.timeoutMS)
            json.key("headers")
            json.beginArray()
            for name in tool.headers.keys.sorted() { json.value(name) }
            json.endArray()
            json.key("parameters")
            json.raw(tool.parameters)
            json.endObject()
        }
        json.endArray()
        return json.text + "\n"
    }

    static func change(_ name: String, of business: String, _ what: String) -> String {
        var json = JSONWriter()
        json.beginObject()
        json.field("business", business)
        json.field("name", name)
        json.field("outcome", what)
        json.endObject()
        return json.text + "\n"
    }

    static func test(_ result: ToolResult, _ took: Duration) -> String {
        var json = JSONWriter()
        json.beginObject()
        json.field("outcome", result.outcome.rawValue)
        json.field("status", orNull: result.status)
        json.field("duration_ms", took.milliseconds)
        json.field("result", result.text)
        json.endObject()
        return json.text + "\n"
    }
}
