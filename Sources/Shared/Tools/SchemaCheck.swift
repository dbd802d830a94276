import Native

/// Checks a JSON value against a JSON schema, as far as drafts 4 to 2020-12 agree on what is fit, with bounded work. What
/// it does not know makes every value unfit: see docs/decisions/0006-json-schema.md.
@LoopActor package struct SchemaCheck {
    /// Values looked at for one check, repeats included.
    static let stepLimit = 20_000
    /// Schemas within schemas, references followed included.
    static let depthLimit = 100
    /// Told at most.
    static let problemLimit = 10

    let root: JSONElement
    var steps = 0
    private var problems: [String] = []
    /// Why nothing can be said: then no value is fit, whatever `not` and `anyOf` make of it.
    private var fault: String?

    init(root: JSONElement) { self.root = root }

    /// What is wrong with the value, a sentence each, for whoever made it: it names places and demands, and repeats no
    /// value. Empty when it is fit.
    package static func problems(of value: JSONElement, by schema: JSONElement) -> [String] {
        var check = SchemaCheck(root: schema)
        check.check(value, by: schema, at: "", depth: 0)
        return check.fault.map { [$0] } ?? check.problems
    }

    /// - Parameter path: where the value is, as `items[2].sku`; empty for the whole.
    mutating func check(_ value: JSONElement, by schema: JSONElement, at path: String, depth: Int) {
        guard fault == nil, hasRoom(depth) else { return }
        if let isFit = schema.bool {
            if !isFit { report(path, "is not allowed") }
            return
        }
        guard schema.isObject else { return giveUp("the tool's schema is not a JSON schema") }
        if let unknown = schema.fields.first(where: { SchemaKeywords.unchecked.contains($0.name) }) {
            return giveUp("the tool's schema has \(unknown.name), which is not checked here")
        }
        checkReference(value, schema, path, depth)
        checkType(value, schema, path)
        checkChoice(value, schema, path)
        checkCombinations(value, schema, path, depth)
        switch value.kind {
        case .string: checkText(value, schema, path)
        case .integer, .number: checkNumber(value, schema, path)
        case .array: checkArray(value, schema, path, depth)
        case .object: checkObject(value, schema, path, depth)
        case .null, .bool: break
        }
    }

    /// Whether the value is fit, without telling why not.
    mutating func isFit(_ value: JSONElement, by schema: JSONElement, depth: Int) -> Bool {
        let told = problems
        problems = []
        check(value, by: schema, at: "", depth: depth)
        defer { problems = told }
        return problems.isEmpty && fault == nil
    }

    mutating func report(_ path: String, _ problem: String) {
        guard problems.count < Self.problemLimit else { return }
        let whole = path.isEmpty ? problem : "\(path) \(problem)"
        if !problems.contains(whole) { problems.append(whole) }
    }

    mutating func giveUp(_ reason: String) { fault = fault ?? reason }

    mutating func hasRoom(_ depth: Int) -> Bool {
        steps += 1
        let hasRoom = steps <= Self.stepLimit && depth <= Self.depthLimit
        if !hasRoom { giveUp("the arguments, or the tool's schema, are too much to be checked") }
        return hasRoom
    }

    // MARK: Keywords for values of any type

    private mutating func checkReference(_ value: JSONElement, _ schema: JSONElement, _ path: String, _ depth: Int) {
        guard let reference = schema["$ref"] else { return }
        guard let target = reference.string.flatMap({ JSONPointer.resolve($0, in: root) }) else {
            return giveUp("the tool's schema refers to what is not in it")
        }
        check(value, by: target, at: path, depth: depth + 1)
    }

    private mutating func checkType(_ value: JSONElement, _ schema: JSONElement, _ path: String) {
        guard let type = schema["type"] else { return }
        let names = type.string.map { [$0] } ?? type.items.compactMap(\.string)
        // OpenAPI's, which many schemas of tools come from.
        if value.isNull, schema["nullable"]?.bool == true { return }
        if !names.contains(where: { SchemaKeywords.isType($0, of: value) }) {
            report(path.isEmpty ? "the arguments" : path, "must be of type \(names.joined(separator: " or "))")
        }
    }

    private mutating func checkChoice(_ value: JSONElement, _ schema: JSONElement, _ path: String) {
        if let choices = schema["enum"], !choices.items.contains(where: { isEqual($0, value) }) {
            let texts = choices.items.prefix(20).map { choice in
                var json = JSONWriter()
                json.value(choice)
                return json.text
            }
            report(path, "must be one of \(texts.joined(separator: ", "))")
        }
        // A constant may be null, which is not told from a missing one by the subscript.
        if let constant = schema.field("const"), !isEqual(constant, value) {
            report(path, "must be the schema's constant")
        }
    }

    private mutating func checkCombinations(
        _ value: JSONElement, _ schema: JSONElement, _ path: String, _ depth: Int
    ) {
        for part in schema["allOf"]?.items ?? [] { check(value, by: part, at: path, depth: depth + 1) }
        if let parts = schema["anyOf"]?.items, !parts.contains(where: { isFit(value, by: $0, depth: depth + 1) }) {
            report(path, "fits none of the forms it may have")
        }
        if let parts = schema["oneOf"]?.items {
            let count = parts.filter { isFit(value, by: $0, depth: depth + 1) }.count
            if count != 1 { report(path, "fits \(count) of the forms of which it must have one") }
        }
        if let part = schema["not"], isFit(value, by: part, depth: depth + 1) {
            report(path, "has a form that it must not have")
        }
        if let condition = schema["if"] {
            let branch = isFit(value, by: condition, depth: depth + 1) ? schema["then"] : schema["else"]
            if let branch { check(value, by: branch, at: path, depth: depth + 1) }
        }
    }
}
