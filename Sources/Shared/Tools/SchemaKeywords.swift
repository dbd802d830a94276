import Native

/// The words of a JSON schema, beside those that `SchemaCheck` looks up by name.
@LoopActor enum SchemaKeywords {
    /// Those that may make a value unfit and are not checked. Annotations, `format` among them, make none unfit.
    nonisolated static let unchecked: Set<String> = [
        "$dynamicRef", "$recursiveRef", "dependencies", "dependentSchemas", "unevaluatedItems", "unevaluatedProperties",
        "minContains", "maxContains",
    ]

    nonisolated static let types: Set<String> = [
        "null", "boolean", "integer", "number", "string", "array", "object",
    ]

    static func isType(_ name: String, of value: JSONElement) -> Bool {
        switch name {
        case "null": value.kind == .null
        case "boolean": value.kind == .bool
        // 1.0 is whole too, since draft 6.
        case "integer":
            value.kind == .integer || value.kind == .number && value.double.map { $0 == $0.rounded() } == true
        case "number": value.kind == .integer || value.kind == .number
        case "string": value.kind == .string
        case "array": value.kind == .array
        case "object": value.kind == .object
        default: false
        }
    }
}
