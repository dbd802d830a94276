import Native
import Shared

/// Makes a tool of what the user declared, or says what is wrong with it.
@LoopActor enum ToolReader {
    static func tool(_ declared: ToolDeclaration) throws(OperateFailure) -> Tool {
        var tool = Tool(
            name: declared.name, description: declared.description, url: declared.url, method: declared.method,
            timeoutMS: declared.timeoutMS)
        if let source = declared.parameters { tool.parameters = try parameters(text(source, "parameters")) }
        if let source = declared.headers { tool.headers = try headers(text(source, "headers")) }
        return tool
    }

    private static func text(_ source: ToolDeclaration.Source, _ name: String) throws(OperateFailure) -> String {
        switch source {
        case .text(let text): return text
        case .file(let path):
            guard let text = SmallFile.read(path) else { throw wrong("--\(name)-file cannot be read: \(path)") }
            return text
        }
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
            throw wrong("--parameters is not JSON")
        }
        guard read.faults.isEmpty else {
            throw wrong("--parameters is no schema of arguments: \(read.faults.joined(separator: "; "))")
        }
        return read.json
    }

    private static func headers(_ text: String) throws(OperateFailure) -> [String: String] {
        let read = try? JSON.read(Array(text.utf8)) { json in
            json.isObject ? json.fields.map { ($0.name, $0.value.string) } : nil
        }
        guard let fields = read ?? nil, fields.allSatisfy({ $0.1 != nil }) else {
            throw wrong(#"--headers is a JSON object of texts, as {"Authorization":"Bearer …"}"#)
        }
        var headers: [String: String] = [:]
        for case (let name, let value?) in fields {
            // The value may be a secret: only the name is told.
            guard HeaderField.isName(name), HeaderField.isValue(value) else {
                throw wrong("--headers: \(Shown.line(name)) cannot be sent")
            }
            headers[name] = value
        }
        return headers
    }

    private static func wrong(_ text: String) -> OperateFailure { OperateFailure(text, status: UsageError.exitStatus) }
}
