import Native

/// Looks at a tool's schema itself, before a tool is kept: what would make every call of it fail.
@LoopActor package struct SchemaReview {
    private let root: JSONElement
    private var faults: [String] = []

    /// A sentence each; empty when there is none.
    package static func faults(of schema: JSONElement) -> [String] {
        guard schema.isObject else { return ["it is not an object"] }
        var review = SchemaReview(root: schema)
        // OpenAI takes no other one for a function's parameters.
        if !schema.fields.isEmpty, schema["$ref"] == nil, schema["type"]?.string != "object" {
            review.faults.append("its type is not \"object\"")
        }
        review.look(at: schema, "#")
        return review.faults
    }

    private init(root: JSONElement) { self.root = root }

    private mutating func look(at schema: JSONElement, _ path: String) {
        guard schema.bool == nil else { return }
        guard schema.isObject else { return faults.append("\(path) is not a schema") }
        for (name, value) in schema.fields {
            let place = "\(path)/\(name)"
            switch name {
            case "properties", "$defs", "definitions", "patternProperties": lookAtAll(value, place)
            case "items" where value.isArray, "prefixItems", "allOf", "anyOf", "oneOf":
                if !value.isArray { faults.append("\(place) is not a list") }
                for (index, part) in value.items.enumerated() { look(at: part, "\(place)/\(index)") }
            case "items", "additionalItems", "additionalProperties", "propertyNames", "contains", "not", "if", "then",
                "else":
                look(at: value, place)
            case "type": lookAtType(value, place)
            case "required":
                if !value.isArray || value.items.contains(where: { $0.string == nil }) {
                    faults.append("\(place) is not a list of names")
                }
            case "enum": if !value.isArray { faults.append("\(place) is not a list") }
            case "pattern": lookAtPattern(value.string, place)
            case "$ref":
                if value.string.flatMap({ JSONPointer.resolve($0, in: root) }) == nil {
                    faults.append("\(place) refers to what is not in the schema")
                }
            default: if SchemaKeywords.unchecked.contains(name) { faults.append("\(place) is not supported") }
            }
        }
    }

    private mutating func lookAtAll(_ parts: JSONElement, _ place: String) {
        if !parts.isObject { faults.append("\(place) is not an object") }
        for (name, part) in parts.fields {
            if place.hasSuffix("/patternProperties") { lookAtPattern(name, place) }
            look(at: part, "\(place)/\(name)")
        }
    }

    private mutating func lookAtType(_ type: JSONElement, _ place: String) {
        let names = type.string.map { [$0] } ?? type.items.map { $0.string ?? "" }
        if names.isEmpty || !names.allSatisfy(SchemaKeywords.types.contains) {
            faults.append("\(place) is not one of \(SchemaKeywords.types.sorted().joined(separator: ", "))")
        }
    }

    private mutating func lookAtPattern(_ pattern: String?, _ place: String) {
        guard let pattern else { return faults.append("\(place) is not a text") }
        do throws(Pattern.Fault) { _ = try Pattern(pattern) } catch {
            faults.append("\(place) cannot be read: \(error.detail)")
        }
    }
}
