import Native

/// Texts, numbers, and what is equal.
extension SchemaCheck {
    mutating func checkText(_ value: JSONElement, _ schema: JSONElement, _ path: String) {
        guard let text = value.string else { return }
        // Counted as the drafts do: in code points.
        if let least = schema["minLength"]?.int, text.unicodeScalars.count < least {
            report(path, "must have \(least) characters or more")
        }
        if let most = schema["maxLength"]?.int, text.unicodeScalars.count > most {
            report(path, "must have \(most) characters at most")
        }
        if let pattern = schema["pattern"]?.string, !matches(text, pattern) {
            report(path, "must match the pattern \(pattern)")
        }
    }

    /// False also where the pattern cannot be used, or takes too long: then nothing is fit.
    mutating func matches(_ text: String, _ pattern: String) -> Bool {
        do throws(Pattern.Fault) {
            if let isMatch = try Pattern(pattern).matches(text) { return isMatch }
            giveUp("a pattern of the tool's schema takes too long")
        } catch {
            giveUp("the tool's schema has a pattern that cannot be read")
        }
        return false
    }

    mutating func checkNumber(_ value: JSONElement, _ schema: JSONElement, _ path: String) {
        guard let number = value.double else { return }
        checkBound(number, schema["minimum"]?.double, schema["exclusiveMinimum"], path, "more", "or more", >)
        checkBound(number, schema["maximum"]?.double, schema["exclusiveMaximum"], path, "less", "at most", <)
        if let unit = schema["multipleOf"]?.double, unit > 0 {
            let count = number / unit
            if abs(count - count.rounded()) > 1e-9 * max(1, abs(count)) {
                report(path, "must be a multiple of \(unit)")
            }
        }
    }

    /// An exclusive bound is a number of its own; in draft 4 it is a flag that sharpens the other one.
    private mutating func checkBound(
        _ number: Double, _ bound: Double?, _ exclusive: JSONElement?, _ path: String, _ word: String,
        _ orEqual: String,
        _ isBeyond: (Double, Double) -> Bool
    ) {
        let sharp = exclusive?.double ?? (exclusive?.bool == true ? bound : nil)
        if let sharp, !isBeyond(number, sharp) { report(path, "must be \(word) than \(sharp)") }
        if let bound, number != bound, !isBeyond(number, bound) { report(path, "must be \(bound) \(orEqual)") }
    }

    /// As the drafts mean it: 1 and 1.0 are equal, and the order of fields does not matter.
    mutating func isEqual(_ one: JSONElement, _ other: JSONElement) -> Bool {
        guard hasRoom(0) else { return false }
        switch (one.kind, other.kind) {
        case (.null, .null): return true
        case (.bool, .bool): return one.bool == other.bool
        case (.integer, .integer): return one.int == other.int && one.double == other.double
        case (.integer, .number), (.number, .integer), (.number, .number): return one.double == other.double
        case (.string, .string): return one.bytes == other.bytes
        case (.array, .array):
            let items = one.items, others = other.items
            guard items.count == others.count else { return false }
            for (item, other) in zip(items, others) where !isEqual(item, other) { return false }
            return true
        case (.object, .object):
            let fields = one.fields
            guard fields.count == other.fields.count else { return false }
            for field in fields {
                guard let match = other.field(field.name), isEqual(field.value, match) else { return false }
            }
            return true
        default: return false
        }
    }
}
