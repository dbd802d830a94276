import FoundationEssentials

extension EnvironmentReader {
    /// A header's name; nil where none is set.
    mutating func header(_ name: String, default standard: String, _ meaning: String) -> String? {
        guard let value = optional(name, default: standard, meaning) else { return nil }
        if !HeaderField.isName(value) { reject("\(name)=\"\(value)\" is no header's name; example: \(name)=api-key") }
        return value
    }

    /// Headers as a JSON object of names and values, by name. They may hold secrets, and are treated so.
    mutating func headers(_ name: String, example: String, _ meaning: String) -> [(name: String, value: Secret)] {
        guard let text = secret(name, meaning)?.exposed else { return [] }
        guard let fields = try? JSONDecoder().decode([String: String].self, from: Data(text.utf8)) else {
            reject("\(name) must be a JSON object of names and texts; example: \(name)='\(example)'")
            return []
        }
        for (field, value) in fields where !HeaderField.isName(field) || !HeaderField.isValue(value) {
            reject("\(name) holds a header that cannot be sent; example: \(name)='\(example)'")
            return []
        }
        return fields.sorted { $0.key < $1.key }.map { ($0.key, Secret($0.value)) }
    }
}
