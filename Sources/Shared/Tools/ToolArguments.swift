import Native

/// The arguments of one call of a tool, as the AI wrote them.
@LoopActor package enum ToolArguments {
    /// Bytes that are still read.
    package static let limit = 8 << 10

    /// What is wrong with them, for the AI; nil when the tool may be called with them.
    package static func problem(_ arguments: String, for tool: Tool) -> String? {
        guard arguments.utf8.count <= limit else { return "The arguments are longer than \(limit) bytes." }
        do throws(JSONError) {
            let problems = try JSON.read(Array(json(arguments).utf8)) { (value) throws(JSONError) in
                guard value.isObject else { throw .unexpected("an object") }
                return try JSON.read(Array(schema(of: tool).utf8)) { SchemaCheck.problems(of: value, by: $0) }
            }
            return problems.isEmpty ? nil : "The arguments are not valid: \(problems.joined(separator: "; "))."
        } catch {
            return "The arguments are not a JSON object."
        }
    }

    /// For a tool without parameters some AIs write nothing.
    package static func json(_ arguments: String) -> String {
        arguments.allSatisfy(\.isWhitespace) ? "{}" : arguments
    }

    /// What the AI is told of a tool that says nothing of its arguments: that it has none.
    package static func schema(of tool: Tool) -> String {
        tool.parameters == "{}" || tool.parameters.isEmpty ? #"{"type":"object","properties":{}}"# : tool.parameters
    }
}
