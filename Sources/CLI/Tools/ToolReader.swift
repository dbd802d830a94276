import Native
import Shared

/// Makes a tool of what the user declared, or says what is wrong with it.
@LoopActor enum ToolReader {
    static func tool(_ declared: ToolDeclaration) throws(OperateFailure) -> Tool {
        var tool = Tool(
            name: declared.name, description: declared.description, url: declared.url, method: declared.method,
            timeoutMS: declared.timeoutMS)
        if let source = declared.parameters { tool.parameters = try parameters(source.read("parameters")) }
        if let source = declared.headers { tool.headers = try headers(source.read("headers")) }
        return tool
    }

    /// On one line, as it is kept.
    private static func parameters(_ text: String) throws(OperateFailure) -> String {
        let read: (faults: [String], json: String)
        do throws(JSONError) {
            read = try JSON.read(Array(text.utf8)) { schema in
                var json = JSONWriter()
                json.value(schema)
                return (SchemaReview.faults(of: schema), json.text)
            }
        } catch {
            throw .usage("--parameters is not JSON")
        }
        guard read.faults.isEmpty else {
            throw .usage("--parameters is no schema of arguments: \(read.faults.joined(separator: "; "))")
        }
        return read.json
    }

    private static func headers(_ text: String) throws(OperateFailure) -> [String: String] {
        let read = try? JSON.read(Array(text.utf8)) { json in
            json.isObject ? json.fields.map { ($0.name, $0.value.string) } : nil
        }
        guard let fields = read ?? nil, fields.allSatisfy({ $0.1 != nil }) else {
            throw .usage(#"--headers is a JSON object of texts, as {"Authorization":"Bearer …"}"#)
        }
        var headers: [String: String] = [:]
        for case (let name, let value?) in fields {
            // The value may be a secret: only the name is told.
            guard HeaderField.isName(name), HeaderField.isValue(value) else {
                throw .usage("--headers: \(Shown.line(name)) cannot be sent")
            }
            headers[name] = value
        }
        return headers
    }
}
