import Native

/// Arrays and objects.
extension SchemaCheck {
    mutating func checkArray(_ value: JSONElement, _ schema: JSONElement, _ path: String, _ depth: Int) {
        let items = value.items
        if let least = schema["minItems"]?.int, items.count < least { report(path, "must have \(least) items or more") }
        if let most = schema["maxItems"]?.int, items.count > most { report(path, "must have \(most) items at most") }
        if schema["uniqueItems"]?.bool == true { checkUnique(items, path) }
        if let wanted = schema["contains"], !items.contains(where: { isFit($0, by: wanted, depth: depth + 1) }) {
            report(path, "lacks an item that it must have")
        }
        // In 2020-12 the first ones have `prefixItems`; before, `items` was an array and `additionalItems` for the rest.
        let isTuple = schema["items"]?.isArray == true
        let first = schema["prefixItems"]?.items ?? (isTuple ? schema["items"]?.items ?? [] : [])
        let rest = isTuple ? schema["additionalItems"] : schema["items"]
        for (place, item) in items.enumerated() {
            guard let part = place < first.count ? first[place] : rest else { break }
            check(item, by: part, at: "\(path)[\(place)]", depth: depth + 1)
        }
    }

    private mutating func checkUnique(_ items: [JSONElement], _ path: String) {
        for place in items.indices {
            for other in items[..<place] where isEqual(items[place], other) {
                return report(path, "must not have an item twice")
            }
        }
    }

    mutating func checkObject(_ value: JSONElement, _ schema: JSONElement, _ path: String, _ depth: Int) {
        let fields = value.fields
        for name in schema["required"]?.items.compactMap(\.string) ?? [] where value.field(name) == nil {
            report("", "\(Self.join(path, name)) is required")
        }
        if let least = schema["minProperties"]?.int, fields.count < least {
            report(path, "must have \(least) fields or more")
        }
        if let most = schema["maxProperties"]?.int, fields.count > most {
            report(path, "must have \(most) fields at most")
        }
        for (name, wanted) in schema["dependentRequired"]?.fields ?? [] where value.field(name) != nil {
            for other in wanted.items.compactMap(\.string) where value.field(other) == nil {
                report("", "\(Self.join(path, other)) is required with \(name)")
            }
        }
        for field in fields { checkField(field, schema, path, depth) }
    }

    private mutating func checkField(
        _ field: (name: String, value: JSONElement), _ schema: JSONElement, _ path: String, _ depth: Int
    ) {
        let place = Self.join(path, field.name)
        var isKnown = false
        if let own = schema["properties"]?.field(field.name) {
            isKnown = true
            check(field.value, by: own, at: place, depth: depth + 1)
        }
        for (pattern, part) in schema["patternProperties"]?.fields ?? [] where matches(field.name, pattern) {
            isKnown = true
            check(field.value, by: part, at: place, depth: depth + 1)
        }
        if !isKnown, let other = schema["additionalProperties"] {
            check(field.value, by: other, at: place, depth: depth + 1)
        }
        if let names = schema["propertyNames"] { checkName(field.name, names, place, depth) }
    }

    private mutating func checkName(_ name: String, _ schema: JSONElement, _ place: String, _ depth: Int) {
        var json = JSONWriter()
        json.value(name)
        let isFit = try? JSON.read(json.bytes) { self.isFit($0, by: schema, depth: depth + 1) }
        if isFit != true { report(place, "has a name that is not allowed") }
    }

    private static func join(_ path: String, _ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
}
