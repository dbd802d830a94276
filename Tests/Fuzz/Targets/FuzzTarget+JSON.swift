import Native

extension FuzzTarget {
    /// Reads a text, writes what it said, and reads that: both must say the same, and the second writing be the first.
    static let jsonShim = FuzzTarget("json", .json, dictionary: "json") { input throws(Violation) in
        guard let first = rewritten(input) else { return }
        guard let second = rewritten(first) else {
            throw Violation(description: "what was written is no JSON: \(String(decoding: first, as: UTF8.self))")
        }
        try hold(first == second, "written twice: \(String(decoding: first, as: UTF8.self))")
        try hold(input.count <= JSON.maxBytes, "a text of \(input.count) bytes was read")
    }

    /// nil when it cannot be read.
    @LoopActor private static func rewritten(_ text: [UInt8]) -> [UInt8]? {
        // Why it cannot be read does not matter here.
        try? JSON.read(text) { root throws(JSONError) in
            var writer = JSONWriter(reserving: text.count)
            copy(root, to: &writer, depth: 0)
            return writer.bytes
        }
    }

    @LoopActor private static func copy(_ element: JSONElement, to writer: inout JSONWriter, depth: Int) {
        precondition(depth <= JSON.maxDepth, "deeper than the limit")
        let text = element.string, flag = element.bool, double = element.double
        let kinds =
            (element.isNull ? 1 : 0) + (element.isObject ? 1 : 0) + (element.isArray ? 1 : 0) + (text == nil ? 0 : 1)
            + (flag == nil ? 0 : 1) + (double == nil ? 0 : 1)
        precondition(kinds == 1, "an element of several kinds, or of none")
        if element.isObject {
            writer.beginObject()
            for (name, value) in element.fields {
                writer.key(named: name)
                copy(value, to: &writer, depth: depth + 1)
            }
            writer.endObject()
        } else if element.isArray {
            writer.beginArray()
            for item in element.items { copy(item, to: &writer, depth: depth + 1) }
            writer.endArray()
        } else if let text {
            precondition(element.bytes == Array(text.utf8), "a string whose bytes are others")
            writer.value(text)
        } else if let number = element.int {
            precondition(double != nil, "a whole number that is no number")
            writer.value(number)
        } else if let number = double {
            writer.value(number)
        } else if let flag {
            writer.value(flag)
        } else {
            writer.null()
        }
    }
}
